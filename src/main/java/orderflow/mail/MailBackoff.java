package orderflow.mail;

import java.time.Duration;
import java.util.Optional;
import orderflow.platform.retry.Backoff;

/** When a busy recipient is tried again, and when it is given up on. */
final class MailBackoff {

  private static final double JITTER = 0.1;

  private final Backoff backoff;
  private final Duration giveUpAfter;

  MailBackoff(MailSettings settings) {
    this.backoff = new Backoff(settings.initialBackoff(), settings.maxBackoff(), JITTER);
    this.giveUpAfter = settings.giveUpAfter();
  }

  /**
   * The pause after this many attempts; empty once the pauses before have reached the limit. Time
   * in which the server was away, and nothing was tried, does not count.
   */
  Optional<Duration> after(int attempts) {
    Duration waited = Duration.ZERO;
    for (int attempt = 1; attempt < attempts; attempt++) {
      waited = waited.plus(backoff.shortestAfter(attempt));
      if (waited.compareTo(giveUpAfter) >= 0) {
        return Optional.empty();
      }
    }
    return Optional.of(backoff.after(attempts));
  }
}
