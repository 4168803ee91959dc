package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.consumer.EventRecord;
import orderflow.outbox.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A mail whose time to be sent has come.
 *
 * @param kind a {@link MailKind} as it is stored
 * @param event the OrderCompletedEvent, or the {@link ReversalNotice}
 * @param attempts made so far
 * @param inDoubt whether it may have been sent by one of them
 * @param dueAt the time from which it could be sent
 * @param sentBefore whether it was sent already and queued again since
 */
@SuppressWarnings("ArrayRecordComponent")
record DueMail(
    UUID orderId,
    String kind,
    String event,
    Instant queuedAt,
    int attempts,
    boolean inDoubt,
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    @Nullable String headers,
    MailLane lane,
    Instant dueAt,
    boolean sentBefore) {

  /** One attempt to send one mail; a mail queued again begins anew. */
  record Attempt(UUID orderId, String kind, Instant queuedAt, int number) {}

  Attempt attempt() {
    return new Attempt(orderId, kind, queuedAt, attempts + 1);
  }

  /** Whether its order has waited for it. */
  boolean isEffect() {
    return !sentBefore && MailKind.of(kind) == MailKind.CONFIRMATION;
  }

  byte[] eventBytes() {
    return event.getBytes(StandardCharsets.UTF_8);
  }

  /** The record that asked for it. */
  EventRecord source() {
    return new EventRecord(
        topic,
        partition,
        offset,
        key,
        eventBytes(),
        headers == null ? List.of() : RecordHeaders.list(headers));
  }
}
