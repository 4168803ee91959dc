package orderflow.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record of order.completed as it stands on its topic; its JSON is read once, when somebody first asks. */
public final class EventRecord {

  private final String topic;
  private final int partition;
  private final long offset;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final Map<String, byte[]> headers;

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
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.key = key;
    this.value = value;
    this.headers = Map.copyOf(headers);
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
