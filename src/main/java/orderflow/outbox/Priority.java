package orderflow.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person waits for a record and what follows from it, or it is one of the many of a large
 * file, which must not stand in the others' way.
 */
public enum Priority {
  LIVE(0),
  BULK(1);

  /** The header that marks a bulk record. */
  public static final String HEADER = "orderflow-lane";

  private static final byte[] BULK_VALUE = "bulk".getBytes(StandardCharsets.US_ASCII);

  private final int number;

  Priority(int number) {
    this.number = number;
  }

  /** The lane of a record with these headers; one that does not say is live. */
  public static Priority of(Map<String, byte[]> headers) {
    return Arrays.equals(headers.get(HEADER), BULK_VALUE) ? BULK : LIVE;
  }

  /** The lane that is stored under a number; one that only a newer version knows is bulk. */
  static Priority stored(int number) {
    return number == LIVE.number ? LIVE : BULK;
  }

  /** As it is stored: the lower goes first. */
  public short number() {
    return (short) number;
  }

  /** A record's own headers, and its lane. */
  @Nullable Map<String, byte[]> marked(@Nullable Map<String, byte[]> headers) {
    if (this == LIVE) {
      return headers;
    }
    Map<String, byte[]> marked = new LinkedHashMap<>(headers == null ? Map.of() : headers);
    marked.put(HEADER, BULK_VALUE);
    return marked;
  }
}
