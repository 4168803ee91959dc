package orderflow.email;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record's headers as JSON, their values in Base64. */
final class SourceHeaders {

  private static final ObjectMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, byte[]>> HEADERS = new TypeReference<>() {};

  private SourceHeaders() {}

  static String json(Map<String, byte[]> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, byte[]> read(@Nullable String json) {
    try {
      return json == null ? Map.of() : JSON.readValue(json, HEADERS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
