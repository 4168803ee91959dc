package orderflow.mail;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be queued.
 *
 * @param kind a {@link MailKind} as it is stored
 * @param completedAt when the order was completed; null where the event does not say
 * @param event the record's value, as text
 */
public record QueuedMail(
    UUID orderId, String kind, String customerId, @Nullable Instant completedAt, String event) {}
