package orderflow.mail;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How the mail server has answered of late, for health and metrics. */
final class MailServerState {

  /** What keeps mails from being sent. */
  enum Hindrance {
    NONE,
    /** The server can't be reached. */
    AWAY,
    /** The server refuses what this system sends, whatever the mail. */
    REFUSES
  }

  /**
   * While mails wait, one is tried at least every half minute. Whether an older failure still holds
   * is unknown: other instances may have sent what waited here.
   */
  private static final Duration HOLDS = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private Hindrance last = Hindrance.NONE;
  private long at;

  MailServerState(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void is(Hindrance hindrance) {
    last = hindrance;
    at = nanoTime.getAsLong();
  }

  synchronized Hindrance now() {
    return nanoTime.getAsLong() - at < HOLDS.toNanos() ? last : Hindrance.NONE;
  }
}
