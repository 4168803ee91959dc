package orderflow.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of order.completed as it stands on its topic; its JSON is read once, when somebody first
 * asks.
 */
public final class EventRecord {

  private final String topic;
  private final int partition;
  private final long offset;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final Map<String, byte[]> headers;
  private final boolean replay;

  private @Nullable OrderEvent event;
  private @Nullable BadEvent fault;

  /**
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
    this(topic, partition, offset, key, value, headers, false);
  }

  private EventRecord(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Map<String, byte[]> headers,
      boolean replay) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.headers = Map.copyOf(headers);
    this.replay = replay;
  }

  /** The same record, handled once more because an operator asked for it. */
  public EventRecord asReplay() {
    return new EventRecord(topic, partition, offset, key, value, headers, true);
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

  public Map<String, byte[]> headers() {
    return headers;
  }

  /**
   * The event in it.
   *
   * @throws BadEvent if there is none
   */
  public synchronized OrderEvent event() {
    if (event == null && fault == null) {
      try {
        event = OrderEvent.parse(value);
      } catch (BadEvent e) {
        fault = e;
      }
    }
    if (event == null) {
      throw fault == null ? new BadEvent("is no event") : fault;
    }
    return event;
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
