package orderflow.mail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import orderflow.platform.retry.Backoff;
import orderflow.platform.retry.FailureClassifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the mail server takes mails: while it is away, or refuses whatever this system sends, one
 * mail at a time asks whether it takes mails again.
 */
final class SmtpCircuitBreaker {

  private static final Logger log = LoggerFactory.getLogger(SmtpCircuitBreaker.class);
  private static final Duration REMINDER = Duration.ofMinutes(1);

  /** An absent server costs a connection, one that refuses counts what it refuses. */
  private static final Backoff AWAY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  private static final Backoff REFUSED = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final String address;
  private final LongSupplier nanoTime;
  private boolean away;
  private boolean refuses;
  private boolean asking;
  private int attempts;
  private long since;
  private long loggedAt;
  private long askAgainAt;

  SmtpCircuitBreaker(String address) {
    this(address, System::nanoTime);
  }

  SmtpCircuitBreaker(String address, LongSupplier nanoTime) {
    this.address = address;
    this.nanoTime = nanoTime;
  }

  /** How many mails may be tried now; whoever asked calls {@link #done} after them. */
  synchronized int allows(int mails) {
    if (!away) {
      return mails;
    }
    if (asking || nanoTime.getAsLong() < askAgainAt) {
      return 0;
    }
    asking = true;
    return 1;
  }

  synchronized void answered() {
    if (away) {
      log.warn(
          "Mail server {} takes mails again after {} s ({} attempts)",
          address,
          seconds(nanoTime.getAsLong()),
          attempts);
      away = false;
      attempts = 0;
    }
  }

  synchronized void failure(Throwable reason) {
    if (away && !asking) {
      return; // several noticed it
    }
    long now = nanoTime.getAsLong();
    boolean refusesNow = reason instanceof Delivery.ServerAway answer && answer.refusesUs();
    if (!away) {
      since = now;
    }
    if (!away || refusesNow != refuses || now - loggedAt >= REMINDER.toNanos()) {
      loggedAt = now;
      log.warn(
          refusesNow
              ? "Mail server {} refuses whatever this system sends, for {} s now; all mails wait"
                  + " and one at a time is tried: {}"
              : "Mail server {} is away, for {} s now; all mails wait and one at a time is tried:"
                  + " {}",
          address,
          seconds(now),
          reason instanceof Delivery.ServerAway
              ? reason.getMessage()
              : FailureClassifier.reason(reason));
    }
    away = true;
    refuses = refusesNow;
    attempts++;
    askAgainAt = now + (refuses ? REFUSED : AWAY).after(attempts).toNanos();
  }

  synchronized void done() {
    asking = false;
  }

  private long seconds(long now) {
    return TimeUnit.NANOSECONDS.toSeconds(now - since);
  }
}
