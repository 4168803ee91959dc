package orderflow.mail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a due mail.
 *
 * @param attempts made by now
 * @param inDoubt whether it may have been sent without our knowing
 * @param nextAttemptAt of one that stays queued; of a settled one null
 */
record DeliveryResult(
    DueMail mail,
    State state,
    int attempts,
    boolean inDoubt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant sentAt,
    @Nullable String error) {

  /** As in the table. */
  enum State {
    QUEUED,
    SENT,
    FAILED
  }

  static DeliveryResult sent(DueMail mail, Instant at) {
    return new DeliveryResult(
        mail, State.SENT, mail.attempts() + 1, mail.inDoubt(), null, at, null);
  }

  static DeliveryResult failed(DueMail mail, String error) {
    return new DeliveryResult(
        mail, State.FAILED, mail.attempts() + 1, mail.inDoubt(), null, null, error);
  }

  static DeliveryResult again(DueMail mail, Instant at, boolean inDoubt, String error) {
    return new DeliveryResult(mail, State.QUEUED, mail.attempts() + 1, inDoubt, at, null, error);
  }

  /** It was no attempt; it goes behind the others, so that not the same one is tried each time. */
  static DeliveryResult notTried(DueMail mail, Instant now) {
    return new DeliveryResult(mail, State.QUEUED, mail.attempts(), mail.inDoubt(), now, null, null);
  }

  /** Nothing was tried: it stays as it was. */
  static DeliveryResult untouched(DueMail mail) {
    return new DeliveryResult(
        mail, State.QUEUED, mail.attempts(), mail.inDoubt(), null, null, null);
  }
}
