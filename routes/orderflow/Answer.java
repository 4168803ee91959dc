package orderflow;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.paging.Page;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What a route answers: a status, a body to be written as JSON, and headers. */
record Answer(int status, @Nullable Object body, Map<String, String> headers) {

  static final String LOCATION = "Location";
  static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

  static Answer ok(Object body) {
    return new Answer(200, body, Map.of());
  }

  /** What was looked for, if it is there. */
  static Answer found(Optional<?> body) {
    return ok(body.orElseThrow(() -> new Refusal(ProblemType.NOT_FOUND)));
  }

  /** A page of a list under its name, with the cursor of the next one. */
  static Answer page(String name, Page<?> page) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(name, page.entries());
    body.put("next", page.next());
    return ok(body);
  }

  static Answer created(String location, Object body) {
    return new Answer(201, body, Map.of(LOCATION, location));
  }

  static Answer accepted(Object body) {
    return new Answer(202, body, Map.of());
  }

  static Answer done() {
    return new Answer(204, null, Map.of());
  }

  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, body, more);
  }

  /** The message then bears nothing else: headers that came in earlier do not go out. */
  void writeTo(Message message) {
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    headers.forEach(message::setHeader);
    message.setBody(body);
  }
}
