package orderflow.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orderflow.platform.kafka.Header;
import org.jspecify.annotations.Nullable;

/**
 * A completed order's record as it stands on its topic; its JSON is read once, when it is first
 * asked for.
 */
public final class EventRecord {

  private final String topic;
  private final int partition;
  private final long offset;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> allHeaders;
  private final Map<String, byte[]> headers;
  private final boolean replay;

  private @Nullable OrderEvent event;
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
    this(topic, partition, offset, key, value, headers, false);
  }

  private EventRecord(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers,
      boolean replay) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.allHeaders = List.copyOf(headers);
    this.headers = byName(headers);
    this.replay = replay;
  }

  /** The same record, handled once more because an operator asked for it. */
  public EventRecord asReplay() {
    return new EventRecord(topic, partition, offset, key, value, allHeaders, true);
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
   * The event in it.
   *
   * @throws InvalidEvent if there is none
   */
  public synchronized OrderEvent event() {
    if (event == null && fault == null) {
      try {
        byte[] type = headers.get("ce_type");
        if (type != null) {
          OrderEvent.requireKnownVersion(new String(type, StandardCharsets.UTF_8));
        }
        event = OrderEvent.parse(value);
      } catch (InvalidEvent e) {
        fault = e;
      } catch (RuntimeException | StackOverflowError e) { // the record's doing, whatever its class
        fault = InvalidEvent.unreadable(e);
      }
    }
    if (event == null) {
      throw fault == null ? new InvalidEvent("is no event") : fault;
    }
    return event;
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
