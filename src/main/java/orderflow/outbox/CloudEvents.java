package orderflow.outbox;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CloudEvents 1.0 attributes in the binary mode of its Kafka protocol binding: a {@code ce_} header
 * each.
 */
public final class CloudEvents {

  private CloudEvents() {}

  /**
   * A record's headers: CloudEvents' and its own, but a dead letter's own alone. An event's id
   * follows from its order and topic, so that it stays the same however often the event is
   * published.
   */
  public static Map<String, byte[]> headers(OutboxRecord record) {
    Map<String, byte[]> own = record.headers() == null ? Map.of() : record.headers();
    if (EventType.isDeadLetterTopic(record.topic())) {
      return own;
    }
    Map<String, byte[]> headers = new LinkedHashMap<>(own);
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", record.subject() + ":" + record.topic());
    put(headers, "ce_source", "/orderflow");
    put(headers, "ce_type", type(record.topic()) + ".v1");
    put(headers, "ce_time", record.createdAt().toString());
    put(headers, "ce_subject", String.valueOf(record.subject()));
    put(headers, "content-type", "application/json");
    return headers;
  }

  /** The {@code ce_type} of a topic's events, without its version. */
  public static String type(String topic) {
    return "orderflow." + topic;
  }

  private static void put(Map<String, byte[]> headers, String name, String value) {
    headers.put(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
