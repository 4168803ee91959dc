package orderflow.outbox;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record to be published.
 *
 * @param lane as it is stored
 * @param subject the order it is about
 * @param headers beyond CloudEvents' ones; null for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutboxRecord(
    long id,
    short lane,
    String topic,
    byte @Nullable [] key,
    byte @Nullable [] payload,
    @Nullable UUID subject,
    @Nullable Map<String, byte[]> headers,
    Instant createdAt) {}
