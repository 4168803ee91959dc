package orderflow.outbox;

import java.time.Instant;

/**
 * A topic whose records the broker does not take.
 *
 * @param cause what the broker or its client said last
 */
public record StuckTopic(String topic, Instant since, String cause) {}
