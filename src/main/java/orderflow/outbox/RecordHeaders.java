package orderflow.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import orderflow.platform.kafka.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record's headers as they are stored: a JSON object whose values are Base64, which is how
 * Jackson writes bytes. An object can't hold two headers of a name, a null value or, in PostgreSQL,
 * a NUL in a name, and Camel hands on no name that is like its own; where there is one of these,
 * one more entry holds the whole list. It is published like a header, and {@link OriginalHeaders}
 * puts the list in its place.
 */
public final class RecordHeaders {

  /** The entry that holds the list. */
  static final String LIST = "orderflow-headers";

  /** Camel takes no notice of case. */
  private static final Pattern LIKE_CAMELS =
      Pattern.compile("(?i)(camel|kafka\\.|org\\.apache\\.camel\\.).*", Pattern.DOTALL);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, byte @Nullable []>> HEADERS =
      new TypeReference<>() {};
  private static final TypeReference<List<Header>> HEADER_LIST = new TypeReference<>() {};

  private RecordHeaders() {}

  public static String json(Map<String, byte[]> headers) {
    return write(headers);
  }

  public static @Nullable String jsonOrNull(@Nullable Map<String, byte[]> headers) {
    return headers == null ? null : json(headers);
  }

  /** Headers of any kind, as another system may have written them. */
  public static String json(List<Header> headers) {
    Map<String, byte[]> byName = new LinkedHashMap<>();
    boolean plain = true;
    for (Header header : headers) {
      String name = header.name().replace("\0", "\\0");
      byte[] value = header.value();
      boolean known = value != null && byName.put(name, value) != null;
      plain &=
          value != null
              && !known
              && name.equals(header.name())
              && !name.equals(LIST)
              && !LIKE_CAMELS.matcher(name).matches();
    }
    if (!plain) {
      byName.put(LIST, bytes(headers));
    }
    return write(byName);
  }

  /**
   * As they are stored: the last value of each header that has one, and the list if there is one.
   */
  public static Map<String, byte[]> of(String json) {
    Map<String, byte[]> byName = new LinkedHashMap<>();
    stored(json)
        .forEach(
            (name, value) -> {
              if (value != null) {
                byName.put(name, value);
              }
            });
    return byName;
  }

  /** Every header, in the order of the record's where that matters. */
  public static List<Header> list(String json) {
    Map<String, byte @Nullable []> stored = stored(json);
    byte[] list = stored.get(LIST);
    if (list != null) {
      return list(list);
    }
    List<Header> headers = new ArrayList<>();
    stored.forEach((name, value) -> headers.add(new Header(name, value)));
    return headers;
  }

  /** The list that one entry holds. */
  static List<Header> list(byte[] entry) {
    try {
      return JSON.readValue(entry, HEADER_LIST);
    } catch (IOException e) {
      throw new IllegalStateException("stored headers can't be read", e);
    }
  }

  private static Map<String, byte @Nullable []> stored(String json) {
    try {
      return JSON.readValue(json, HEADERS);
    } catch (IOException e) {
      throw new IllegalStateException("stored headers can't be read", e);
    }
  }

  private static String write(Object headers) {
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers can't be written as JSON", e);
    }
  }

  private static byte[] bytes(List<Header> headers) {
    try {
      return JSON.writeValueAsBytes(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers can't be written as JSON", e);
    }
  }
}
