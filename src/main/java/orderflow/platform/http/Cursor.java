package orderflow.platform.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A place in a list, opaque to the clients that carry it. */
public final class Cursor {

  /** The database knows later times than these, though not all that Java does. */
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private Cursor() {}

  /**
   * Reads the time of an entry in a cursor.
   *
   * @throws IllegalArgumentException if no entry can be of it
   */
  public static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException("is no entry's time");
    }
    return time;
  }

  static String at(Object position) {
    byte[] text = position.toString().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /**
   * Reads a cursor that a client sends back.
   *
   * @param position reads the place from its text
   * @throws InvalidCursor if no list has given it out
   */
  public static <T extends Object> @Nullable T read(
      @Nullable String cursor, Function<String, T> position) {
    if (cursor == null) {
      return null;
    }
    try {
      T place =
          position.apply(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
      if (at(place).equals(cursor)) {
        return place;
      }
    } catch (RuntimeException e) {
      // refused below, like a cursor that can be read but is not one of ours
    }
    throw new InvalidCursor();
  }
}
