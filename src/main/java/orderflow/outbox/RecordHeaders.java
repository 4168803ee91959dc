package orderflow.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record's headers as they are stored: a JSON object whose values are Base64, which is how
 * Jackson writes bytes.
 */
public final class RecordHeaders {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, byte[]>> HEADERS = new TypeReference<>() {};

  private RecordHeaders() {}

  public static String json(Map<String, byte[]> headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers can't be written as JSON", e);
    }
  }

  public static @Nullable String jsonOrNull(@Nullable Map<String, byte[]> headers) {
    return headers == null ? null : json(headers);
  }

  public static Map<String, byte[]> of(String json) {
    try {
      return JSON.readValue(json, HEADERS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored headers can't be read", e);
    }
  }
}
