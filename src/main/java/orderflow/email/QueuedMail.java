package orderflow.email;

import java.util.UUID;

/**
 * A mail to be queued.
 *
 * @param event the record's value, as text
 */
public record QueuedMail(UUID orderId, String customerId, String event) {}
