package orderflow.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a visit of the console is answered with. */
sealed interface Answer {

  /** Another page, which shows what has been done: reloading it repeats nothing. */
  record Go(String path) implements Answer {}

  /** A mail's HTML, as it stands. */
  record Mail(String html) implements Answer {}

  /** A page, made of a template and its values. */
  final class View implements Answer {

    private final String template;
    private final Map<String, @Nullable Object> values = new HashMap<>();
    private final List<Curl> calls = new ArrayList<>();
    private int status = 200;

    private View(String template) {
      this.template = template;
    }

    static View of(String template) {
      return new View(template);
    }

    View with(String name, @Nullable Object value) {
      values.put(name, value);
      return this;
    }

    View withStatus(int code) {
      status = code;
      return this;
    }

    /** Adds a call of the API that the page names to those who may make it. */
    View withCurl(Curl call) {
      calls.add(call);
      return this;
    }

    String template() {
      return template;
    }

    Map<String, @Nullable Object> values() {
      return values;
    }

    List<Curl> calls() {
      return calls;
    }

    int status() {
      return status;
    }
  }
}
