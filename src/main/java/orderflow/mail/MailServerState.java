package orderflow.mail;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
  private @Nullable String reason;
  private long at;
  private long since;

  MailServerState(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long something has kept mails from being sent, and what the server said of it. */
  record Held(Hindrance by, Duration length, @Nullable String reason) {}

  /** The server takes mails. */
  void takes() {
    is(Hindrance.NONE, null);
  }

  synchronized void is(Hindrance hindrance, @Nullable String why) {
    if (now() != hindrance) {
      since = nanoTime.getAsLong();
    }
    last = hindrance;
    reason = why;
    at = nanoTime.getAsLong();
  }

  synchronized Held held() {
    return new Held(now(), Duration.ofNanos(nanoTime.getAsLong() - since), reason);
  }

  synchronized Hindrance now() {
    return nanoTime.getAsLong() - at < HOLDS.toNanos() ? last : Hindrance.NONE;
  }
}
