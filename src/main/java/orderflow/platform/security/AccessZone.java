package orderflow.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/** Who may read what a request addresses. */
enum AccessZone {
  /** Everyone: documents, problems, health. */
  OPEN,
  /** Users of this machine, and operators. */
  HERE,
  /** People who have logged in; its pages lead others to the login. */
  CONSOLE,
  /** Callers, each with its roles. */
  API;

  /**
   * The stricter zone of two paths: the one that was sent, which the routes are matched with, and
   * the one that the container has resolved, where "/x/../api" has become "/api".
   */
  static AccessZone of(HttpServletRequest request) {
    AccessZone sent = of(decoded(request.getRequestURI()));
    AccessZone resolved = of(Arrays.stream(request.getServletPath().split("[/;]")));
    return sent.compareTo(resolved) > 0 ? sent : resolved;
  }

  private static Stream<String> decoded(String path) {
    try {
      return PathContainer.parsePath(path).elements().stream()
          .filter(PathSegment.class::isInstance)
          .map(segment -> ((PathSegment) segment).valueToMatch());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "The path is not percent-encoded correctly.");
    }
  }

  /** For any spelling of a path: escaped, in capitals, after slashes, with a parameter. */
  private static AccessZone of(Stream<String> path) {
    List<String> segments =
        path.filter(segment -> !segment.isEmpty())
            .map(segment -> segment.toLowerCase(Locale.ROOT))
            .limit(2)
            .toList();
    return switch (segments.isEmpty() ? "" : segments.get(0)) {
      case "api" -> API;
      case "console" -> CONSOLE;
      case "mailbox" -> HERE;
      case "actuator" -> segments.size() > 1 && segments.get(1).equals("health") ? OPEN : HERE;
      default -> OPEN;
    };
  }
}
