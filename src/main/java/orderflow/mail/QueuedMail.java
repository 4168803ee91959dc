package orderflow.mail;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be queued.
 *
 * @param completedAt when the order was completed; null where the event does not say
 * @param event the record's value, as text
 */
public record QueuedMail(
    UUID orderId, String customerId, @Nullable Instant completedAt, String event) {}
