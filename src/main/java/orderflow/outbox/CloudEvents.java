package orderflow.outbox;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CloudEvents 1.0 attributes in the binary mode of its Kafka protocol binding: a {@code ce_} header
 * each. Of the extensions, {@code ce_orderversion} is ours: the version of the order that the event
 * led to or followed from, 1 as it was placed, by which readers find gaps and old news; {@code
 * ce_correlationid} and {@code ce_causationid} are those of CloudEvents' correlation extension.
 */
public final class CloudEvents {

  public static final String ID = "ce_id";
  public static final String TYPE = "ce_type";
  public static final String ORDER_VERSION = "ce_orderversion";
  public static final String CAUSATION_ID = "ce_causationid";

  private CloudEvents() {}

  /**
   * A record's headers: CloudEvents' and its own, but a dead letter's own alone. An event's id
   * follows from its order and topic, so that it stays the same however often the event is
   * published. Where a record has an attribute of its own, that one goes out.
   */
  public static Map<String, byte[]> headers(OutboxRecord record) {
    Map<String, byte[]> own = record.headers() == null ? Map.of() : record.headers();
    if (EventType.isDeadLetterTopic(record.topic())) {
      return own;
    }
    String subject = String.valueOf(record.subject());
    Map<String, byte[]> headers = new LinkedHashMap<>(own);
    put(headers, "ce_specversion", "1.0");
    put(headers, ID, subject + ":" + record.topic());
    put(headers, "ce_source", "/orderflow");
    put(headers, TYPE, type(record.topic()) + ".v1");
    put(headers, "ce_time", record.createdAt().toString());
    put(headers, "ce_subject", subject);
    put(headers, ORDER_VERSION, "1");
    put(headers, "ce_correlationid", subject);
    EventType.of(record.topic())
        .flatMap(EventType::cause)
        .ifPresent(cause -> put(headers, CAUSATION_ID, subject + ":" + cause.topic()));
    put(
        headers,
        "ce_dataschema",
        "/schemas/" + new String(headers.get(TYPE), StandardCharsets.UTF_8) + ".json");
    put(headers, "content-type", "application/json");
    return headers;
  }

  /** The {@code ce_type} of a topic's events, without its version. */
  public static String type(String topic) {
    return "orderflow." + topic;
  }

  private static void put(Map<String, byte[]> headers, String name, String value) {
    headers.putIfAbsent(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
