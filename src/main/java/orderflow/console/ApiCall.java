package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import orderflow.platform.security.Role;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API that a page shows the answer of, or that a button makes. It says which role the
 * page needs, so that the console allows neither more nor less than the API.
 *
 * @param path the route's, with variables by name
 */
record ApiCall(String method, String path) {

  static ApiCall get(String path) {
    return new ApiCall("GET", path);
  }

  static ApiCall post(String path) {
    return new ApiCall("POST", path);
  }

  static ApiCall put(String path) {
    return new ApiCall("PUT", path);
  }

  /** Whether it may take long: it then holds no permit that readers wait for. */
  boolean mayTakeLong() {
    return method.equals("DELETE") || path.startsWith("/api/inbox/");
  }

  /** One of these roles is enough. */
  List<Role> needed() {
    return Role.neededFor(method, path);
  }

  /**
   * The call as a command line, without the key.
   *
   * @param target the path of this page's call, with its values and its query
   * @param body JSON; null for none
   */
  String curl(HttpServletRequest request, String target, @Nullable String body) {
    return line(
        request,
        target,
        body == null ? "" : " -H 'Content-Type: application/json' -d " + quoted(body));
  }

  /** As {@link #curl}, with further options. */
  String curlWith(HttpServletRequest request, String target, String options) {
    return line(request, target, " " + options);
  }

  private String line(HttpServletRequest request, String target, String options) {
    StringBuilder line = new StringBuilder("curl");
    if (!method.equals("GET")) {
      line.append(" -X ").append(method);
    }
    line.append(" -H \"Authorization: Bearer $KEY\"");
    line.append(options);
    String url = request.getRequestURL().toString();
    int path = url.indexOf('/', url.indexOf("//") + 2);
    return line.append(' ').append(quoted(url.substring(0, path) + target)).toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
