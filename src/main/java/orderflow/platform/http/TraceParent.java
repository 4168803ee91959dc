package orderflow.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context, passed from the request that placed an order to the records that follow.
 */
public final class TraceParent {

  public static final String HEADER = "traceparent";

  private static final Pattern VALID =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceParent() {}

  /** The value, or null if it is invalid, which section 3.2 of the specification says to ignore. */
  public static @Nullable String valid(@Nullable String value) {
    return value != null && VALID.matcher(value).matches() ? value : null;
  }

  /** The value of a record's header, or null. */
  public static @Nullable String of(Map<String, byte[]> recordHeaders) {
    byte[] value = recordHeaders.get(HEADER);
    return value == null ? null : valid(new String(value, StandardCharsets.US_ASCII));
  }

  /** The headers of an outbox record; null without a trace. */
  public static @Nullable Map<String, byte[]> headers(@Nullable String value) {
    return value == null ? null : Map.of(HEADER, value.getBytes(StandardCharsets.US_ASCII));
  }
}
