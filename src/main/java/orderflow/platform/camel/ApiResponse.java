package orderflow.platform.camel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.platform.http.Page;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The response of a route: a status, a body that is written as JSON, and headers. */
public record ApiResponse(int status, @Nullable Object body, Map<String, String> headers) {

  public static final String LOCATION = "Location";
  static final String ETAG = "ETag";
  public static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

  public static ApiResponse ok(Object body) {
    return new ApiResponse(200, body, Map.of());
  }

  /** 200 with the body, or 404 without one. */
  public static ApiResponse found(Optional<?> body) {
    return ok(body.orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND)));
  }

  /** A page of a list under its name, with the cursor of the next one. */
  public static ApiResponse page(String name, Page<?> page) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(name, page.entries());
    body.put("next", page.next());
    return ok(body);
  }

  public static ApiResponse created(String location, Object body) {
    return new ApiResponse(201, body, Map.of(LOCATION, location));
  }

  public static ApiResponse accepted(Object body) {
    return new ApiResponse(202, body, Map.of());
  }

  public static ApiResponse done() {
    return new ApiResponse(204, null, Map.of());
  }

  /** With the tag of a version that counts from 1. */
  public ApiResponse ofVersion(int version) {
    return with(ETAG, EntityTag.of(version));
  }

  public ApiResponse with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, body, more);
  }

  /** Replaces all of the message: no header of the request goes out. */
  void writeTo(Message message) {
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    headers.forEach(message::setHeader);
    message.setBody(body);
  }
}
