package orderflow.platform.security;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The calls there are, so that the role a call needs is known before its body is taken in. Only
 * calls that come with a body are looked up here; the others meet their route at once.
 */
@Component
public class Calls {

  private record Call(PathPattern path, Role needed) {}

  private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();

  /**
   * Makes a call known.
   *
   * @param path as its route has it, with its variables' names
   */
  public void add(String method, String path) {
    List<Call> same = calls.computeIfAbsent(method, key -> new CopyOnWriteArrayList<>());
    same.add(new Call(PathPatternParser.defaultInstance.parse(path), Role.neededFor(method, path)));
    same.sort((a, b) -> PathPattern.SPECIFICITY_COMPARATOR.compare(a.path(), b.path()));
  }

  /** The role that a call needs; null if there is no such call. */
  @Nullable Role neededFor(String method, String path) {
    PathContainer sent = PathContainer.parsePath(path);
    for (Call call : calls.getOrDefault(method, List.of())) {
      if (call.path().matches(sent)) {
        return call.needed();
      }
    }
    return null;
  }
}
