package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;

/** The words that routes of the HTTP interface are written in. */
abstract class HttpApi extends RouteBuilder {

  /** JSON to a tree and values to JSON. */
  final JacksonDataFormat json;

  HttpApi(ObjectMapper mapper) {
    json = new JacksonDataFormat(mapper, JsonNode.class);
  }

  /** GET, and with it HEAD. */
  static String get(String path) {
    return endpoint(path, "GET");
  }

  /** POST of a JSON body. */
  static String post(String path) {
    return endpoint(path, "POST") + "&consumes=application/json";
  }

  /** POST that needs no body. */
  static String command(String path) {
    return endpoint(path, "POST");
  }

  static String delete(String path) {
    return endpoint(path, "DELETE");
  }

  static Processor answer(Function<ApiRequest, Answer> decision) {
    return answer((request, body) -> decision.apply(request));
  }

  static Processor answer(BiFunction<ApiRequest, JsonNode, Answer> decision) {
    return exchange -> {
      ApiRequest request = exchange.getProperty(ApiRequest.PROPERTY, ApiRequest.class);
      JsonNode body = exchange.getMessage().getBody(JsonNode.class);
      decision.apply(request, body).writeTo(exchange.getMessage());
    };
  }

  private static String endpoint(String path, String method) {
    return "platform-http:" + path + "?httpMethodRestrict=" + method + "&produces=application/json";
  }
}
