package orderflow.email;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a due mail.
 *
 * @param attempts made by now
 * @param inDoubt whether it may have been sent without our knowing
 * @param nextAttemptAt of one that stays queued; of a settled one null
 */
record Outcome(
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

  static Outcome sent(DueMail mail, Instant at) {
    return new Outcome(mail, State.SENT, mail.attempts() + 1, mail.inDoubt(), null, at, null);
  }

  static Outcome failed(DueMail mail, String error) {
    return new Outcome(mail, State.FAILED, mail.attempts() + 1, mail.inDoubt(), null, null, error);
  }

  static Outcome again(DueMail mail, Instant at, boolean inDoubt, String error) {
    return new Outcome(mail, State.QUEUED, mail.attempts() + 1, inDoubt, at, null, error);
  }

  /** It was no attempt; it goes behind the others, so that not the same one is tried each time. */
  static Outcome notTried(DueMail mail, Instant now) {
    return new Outcome(mail, State.QUEUED, mail.attempts(), mail.inDoubt(), now, null, null);
  }

  /** Nothing was tried: it stays as it was. */
  static Outcome untouched(DueMail mail) {
    return new Outcome(mail, State.QUEUED, mail.attempts(), mail.inDoubt(), null, null, null);
  }
}
