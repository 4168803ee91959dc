package orderflow.mail;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import orderflow.mail.DueMail.Attempt;
import orderflow.platform.lease.Term;
import org.jspecify.annotations.Nullable;

/** A due mail that this instance has taken in a term, until it is settled. */
final class TakenMail {

  private final DueMail mail;
  private final Attempt attempt;
  private final Term term;
  private final long since = System.nanoTime();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable DeliveryResult outcome;
  private volatile boolean unwritten;

  TakenMail(DueMail mail, Term term) {
    this.mail = mail;
    this.attempt = mail.attempt();
    this.term = term;
  }

  DueMail mail() {
    return mail;
  }

  Attempt attempt() {
    return attempt;
  }

  Term term() {
    return term;
  }

  /** Gives it to the first one that asks: to send it, or to put it back. */
  boolean begin() {
    return begun.compareAndSet(false, true);
  }

  boolean waitsLongerThan(Duration time) {
    return !begun.get() && System.nanoTime() - since > time.toNanos();
  }

  /** What became of it; the mail as it was, so long as nothing did. */
  DeliveryResult outcome() {
    DeliveryResult known = outcome;
    return known == null ? DeliveryResult.untouched(mail) : known;
  }

  boolean hasOutcome() {
    return outcome != null;
  }

  void became(DeliveryResult what) {
    outcome = what;
  }

  /** Its outcome may not be in the database. */
  void leaveUnwritten() {
    unwritten = true;
  }

  boolean isUnwritten() {
    return unwritten;
  }
}
