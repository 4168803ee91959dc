package orderflow.console;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API as a command line, without the key.
 *
 * @param target the path with its values, and the query
 * @param options of the command, each with a blank before it
 */
record Curl(ApiCall call, String target, String options) {

  /** The same call with those parameters that have a value. */
  Curl query(Map<String, @Nullable String> parameters) {
    return new Curl(call, target + Visit.query(parameters), options);
  }

  Curl header(String name, String value) {
    return option("-H " + quoted(name + ": " + value));
  }

  Curl body(JsonNode json) {
    return body(json.toString());
  }

  Curl body(String json) {
    return header("Content-Type", "application/json").option("-d " + quoted(json));
  }

  Curl option(String option) {
    return new Curl(call, target, options + " " + option);
  }

  /** The line for the server that a request was sent to. */
  String line(HttpServletRequest request) {
    String url = request.getRequestURL().toString();
    String server = url.substring(0, url.indexOf('/', url.indexOf("//") + 2));
    return "curl"
        + (call.method().equals("GET") ? "" : " -X " + call.method())
        + " -H \"Authorization: Bearer $KEY\""
        + options
        + " "
        + quoted(server + target);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
