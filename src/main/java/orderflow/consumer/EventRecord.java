package orderflow.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import orderflow.platform.kafka.Header;
import org.jspecify.annotations.Nullable;

/** A record as it stands on its topic; its JSON is read once, when it is first asked for. */
public final class EventRecord {

  private final String topic;
  private final int partition;
  private final long offset;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> allHeaders;
  private final Map<String, byte[]> headers;
  private final boolean replay;
  private final byte @Nullable [] filedValue;

  private @Nullable EventFields fields;
  private @Nullable InvalidEvent fault;

  /**
   * @param topic by its logical name
   * @param value the bytes; null for a tombstone
   * @param headers the record's own
   */
  public EventRecord(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Map<String, byte[]> headers) {
    this(topic, partition, offset, key, value, listed(headers));
  }

  /**
   * @param value the bytes; null for a tombstone
   * @param headers the record's own, in their order
   */
  public EventRecord(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    this(topic, partition, offset, key, value, headers, false, value);
  }

  private EventRecord(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      boolean replay,
      byte @Nullable [] filedValue) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.allHeaders = List.copyOf(headers);
    this.headers = byName(headers);
    this.replay = replay;
    this.filedValue = filedValue;
  }

  /** The same record, handled once more because an operator asked for it. */
  public EventRecord asReplay() {
    return new EventRecord(topic, partition, offset, key, value, allHeaders, true, filedValue);
  }

  /** The same record with the value that an operator has made of its own. */
  public EventRecord edited(byte[] edited) {
    return new EventRecord(topic, partition, offset, key, edited, allHeaders, replay, filedValue);
  }

  /** The value that came, by which dead letters know the record, whatever was made of it. */
  public byte @Nullable [] filedValue() {
    return filedValue;
  }

  public boolean isReplay() {
    return replay;
  }

  public String topic() {
    return topic;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  public byte @Nullable [] key() {
    return key;
  }

  public byte @Nullable [] value() {
    return value;
  }

  /** The last value of each header that has one. */
  public Map<String, byte[]> headers() {
    return headers;
  }

  /** Every header as it stands on the topic. */
  public List<Header> allHeaders() {
    return allHeaders;
  }

  /**
   * The completed order's event in it.
   *
   * @throws InvalidEvent if there is none
   */
  public OrderEvent event() {
    return new OrderEvent(fields());
  }

  /**
   * The fields of the event in it.
   *
   * @throws InvalidEvent if there is none
   */
  public synchronized EventFields fields() {
    if (fields == null && fault == null) {
      try {
        EventType type = EventType.of(topic).orElse(EventType.ORDER_COMPLETED);
        byte[] named = headers.get(CloudEvents.TYPE);
        if (named != null) {
          EventFields.requireType(type, new String(named, StandardCharsets.UTF_8));
        }
        fields = EventFields.parse(type, value);
      } catch (InvalidEvent e) {
        fault = e;
      } catch (RuntimeException | StackOverflowError e) { // the record's doing, whatever its class
        fault = InvalidEvent.unreadable(e);
      }
    }
    if (fields == null) {
      throw fault == null ? new InvalidEvent("is no event") : fault;
    }
    return fields;
  }

  private static List<Header> listed(Map<String, byte[]> headers) {
    List<Header> listed = new ArrayList<>();
    headers.forEach((name, value) -> listed.add(new Header(name, value)));
    return listed;
  }

  private static Map<String, byte[]> byName(List<Header> headers) {
    Map<String, byte[]> byName = new HashMap<>();
    for (Header header : headers) {
      if (header.value() != null) {
        byName.put(header.name(), header.value());
      }
    }
    return byName;
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
