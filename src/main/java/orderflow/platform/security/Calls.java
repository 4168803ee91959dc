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
 * All calls with the roles that each needs, so that a request is refused before its body is read.
 * Only requests with a body are looked up here; for others the route checks the role.
 */
@Component
public class Calls {

  private record Call(PathPattern path, List<Role> needed) {}

  private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();

  /**
   * Adds a call.
   *
   * @param path the route's, with variables by name
   */
  public void add(String method, String path) {
    List<Call> same = calls.computeIfAbsent(method, key -> new CopyOnWriteArrayList<>());
    same.add(new Call(PathPatternParser.defaultInstance.parse(path), Role.neededFor(method, path)));
    same.sort((a, b) -> PathPattern.SPECIFICITY_COMPARATOR.compare(a.path(), b.path()));
  }

  /** The roles of which a call needs one; null if there is no such call. */
  @Nullable List<Role> neededFor(String method, String path) {
    PathContainer sent = PathContainer.parsePath(path);
    for (Call call : calls.getOrDefault(method, List.of())) {
      if (call.path().matches(sent)) {
        return call.needed();
      }
    }
    return null;
  }
}
