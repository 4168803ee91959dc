package orderflow.platform.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

/** The vocabulary of the HTTP interface's routes. */
public abstract class HttpApi extends RouteBuilder {

  /** JSON to a tree and values to JSON. */
  protected final JacksonDataFormat json;

  protected HttpApi(ObjectMapper mapper) {
    json = new JacksonDataFormat(mapper, JsonNode.class);
  }

  /** GET, and with it HEAD. */
  protected static String get(String path) {
    return endpoint(path, "GET");
  }

  /** POST of a JSON body. */
  protected static String post(String path) {
    return endpoint(path, "POST") + "&consumes=application/json";
  }

  /** PATCH with a JSON body. */
  protected static String patch(String path) {
    return endpoint(path, "PATCH") + "&consumes=application/json";
  }

  /** POST that needs no body. */
  protected static String command(String path) {
    return endpoint(path, "POST");
  }

  /** PUT of a body of any type. */
  protected static String put(String path) {
    return endpoint(path, "PUT");
  }

  protected static String delete(String path) {
    return endpoint(path, "DELETE");
  }

  protected static Processor answer(Function<ApiRequest, ApiResponse> decision) {
    return answer((request, body) -> decision.apply(request));
  }

  protected static Processor answer(BiFunction<ApiRequest, JsonNode, ApiResponse> decision) {
    return exchange -> {
      ApiRequest request = exchange.getProperty(ApiRequest.PROPERTY, ApiRequest.class);
      JsonNode body = exchange.getMessage().getBody(JsonNode.class);
      decision.apply(request, body).writeTo(exchange.getMessage());
    };
  }

  /**
   * Gives the JSON of a response an entity tag, and leaves the JSON out where the client has it
   * already.
   */
  protected static Processor withEntityTag() {
    return exchange -> {
      Message answer = exchange.getMessage();
      String tag = EntityTag.of(answer.getBody(byte[].class));
      answer.setHeader(ApiResponse.ETAG, tag);
      if (exchange.getProperty(ApiRequest.PROPERTY, ApiRequest.class).knows(tag)) {
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
        answer.setBody(null);
      }
    };
  }

  private static String endpoint(String path, String method) {
    return "platform-http:" + path + "?httpMethodRestrict=" + method + "&produces=application/json";
  }
}
