package orderflow.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of order.completed as it stands on its topic.
 *
 * @param value the bytes; null for a tombstone
 * @param headers the record's own
 */
@SuppressWarnings("ArrayRecordComponent")
public record EventRecord(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Map<String, byte[]> headers) {}
