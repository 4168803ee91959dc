package orderflow.console;

import java.util.List;
import java.util.regex.Matcher;
import orderflow.platform.security.Role;

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

  /** The call for what its path's variables name, in their order. */
  Curl at(Object... values) {
    String target = path;
    for (Object value : values) {
      String segment = Visit.segment(value.toString());
      target = target.replaceFirst("\\{[^}]+}", Matcher.quoteReplacement(segment));
    }
    return new Curl(this, target, "");
  }
}
