package orderflow.platform.retry;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when something begins to fail, once a minute while it does, and when it has recovered. */
public final class OutageLog {

  private static final Logger log = LoggerFactory.getLogger(OutageLog.class);
  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final String subject;
  private final LongSupplier nanoTime;
  private int failures;
  private long since;
  private long logged;

  public OutageLog(String subject) {
    this(subject, System::nanoTime);
  }

  OutageLog(String subject, LongSupplier nanoTime) {
    this.subject = subject;
    this.nanoTime = nanoTime;
  }

  /** Notes a failed attempt and returns how many there were in this outage. */
  public int failure(Throwable cause) {
    return failure(FailureClassifier.reason(cause));
  }

  /**
   * Notes a failed attempt and returns how many there were in this outage.
   *
   * @param reason in a line
   */
  public synchronized int failure(String reason) {
    long now = nanoTime.getAsLong();
    failures++;
    if (failures == 1) {
      since = now;
      logged = now;
      log.warn("{} failed, retrying: {}", subject, reason);
    } else if (now - logged >= REMINDER.toNanos()) {
      logged = now;
      log.warn(
          "{} still failing after {} s ({} attempts): {}", subject, seconds(now), failures, reason);
    }
    return failures;
  }

  /** Notes an attempt that worked. */
  public synchronized void recovered() {
    if (failures > 0) {
      log.warn(
          "{} recovered after {} s ({} attempts)",
          subject,
          seconds(nanoTime.getAsLong()),
          failures);
      failures = 0;
    }
  }

  private long seconds(long now) {
    return Duration.ofNanos(now - since).toSeconds();
  }
}
