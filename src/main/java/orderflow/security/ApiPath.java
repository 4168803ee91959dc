package orderflow.security;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/** Tells requests below {@code /api} from others. */
final class ApiPath {

  private ApiPath() {}

  /**
   * Asked of the path as sent, which the routes are matched with, and of the one the container has
   * resolved, where a "/x/../api" has become "/api".
   */
  static boolean isAskedFor(HttpServletRequest request) {
    return isApi(request.getRequestURI()) || isApi(request.getServletPath());
  }

  /**
   * Whether the first segment is "api", however it is written: escaped, in capitals, after slashes,
   * with a parameter.
   */
  private static boolean isApi(String path) {
    return PathContainer.parsePath(path).elements().stream()
        .filter(PathSegment.class::isInstance)
        .map(PathSegment.class::cast)
        .map(PathSegment::valueToMatch)
        .findFirst()
        .filter("api"::equalsIgnoreCase)
        .isPresent();
  }
}
