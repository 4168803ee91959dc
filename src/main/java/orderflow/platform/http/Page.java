package orderflow.platform.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next the cursor of the next page; null on the last one
 */
public record Page<T>(List<T> entries, @Nullable String next) {

  /** The same entries in another form. */
  public <U> Page<U> map(Function<T, U> form) {
    return new Page<>(entries.stream().map(form).toList(), next);
  }

  /**
   * Makes a page of a query's result.
   *
   * @param found up to one entry more than the page holds; the extra one means that more follow
   * @param position an entry's place in the order of the list
   */
  public static <T> Page<T> of(List<T> found, int limit, Function<T, Object> position) {
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    List<T> entries = found.subList(0, limit);
    return new Page<>(entries, Cursor.at(position.apply(entries.get(limit - 1))));
  }
}
