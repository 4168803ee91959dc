package orderflow.email;

import java.util.UUID;
import orderflow.event.EventRecord;

/**
 * A mail to be queued.
 *
 * @param event the record's value, as text
 * @param again whether to send it again if it was given up on: it is a replay
 */
public record QueuedMail(UUID orderId, String customerId, String event, EventRecord source, boolean again) {

  /** The same for a replay. */
  public QueuedMail replayed() {
    return new QueuedMail(orderId, customerId, event, source, true);
  }
}
