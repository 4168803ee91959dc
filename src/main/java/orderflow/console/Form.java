package orderflow.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import orderflow.platform.http.RequestBody;
import org.jspecify.annotations.Nullable;

/** The fields of a form that was sent; of one that is there more than once, the last value. */
record Form(Map<String, String> fields) {

  static Form of(HttpServletRequest request) {
    Map<String, String> fields = new LinkedHashMap<>();
    String body = new String(RequestBody.of(request), StandardCharsets.UTF_8);
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return new Form(fields);
  }

  /** The value of a field; empty without one. */
  String get(String name) {
    return fields.getOrDefault(name, "");
  }

  /** The whole number that a field holds, of nine digits at most; null for anything else. */
  @Nullable Integer number(String name) {
    return numberOf(get(name));
  }

  private static @Nullable Integer numberOf(String typed) {
    return typed.strip().matches("[0-9]{1,9}") ? Integer.valueOf(typed.strip()) : null;
  }

  /** Adds a field to the body that the API would be sent, unless nothing was typed. */
  static void putText(ObjectNode body, String name, String typed) {
    if (!typed.isBlank()) {
      body.put(name, typed.strip());
    }
  }

  /** The same for a number; what is none is left to the reader, which says so. */
  static void putNumber(ObjectNode body, String name, String typed) {
    Integer number = numberOf(typed);
    if (number == null) {
      putText(body, name, typed);
    } else {
      body.put(name, number);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
