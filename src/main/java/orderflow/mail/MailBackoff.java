package orderflow.mail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a recipient who was busy is tried again: twice as long each time, within
 * limits.
 */
final class MailBackoff {

  private static final double LEAST_SHARE = 0.9;

  private final Duration first;
  private final Duration longest;
  private final Duration giveUpAfter;

  MailBackoff(MailSettings settings) {
    this.first = settings.initialBackoff();
    this.longest = settings.maxBackoff();
    this.giveUpAfter = settings.giveUpAfter();
  }

  /**
   * The pause after this many attempts, up to a tenth shorter than its nominal length so that many
   * do not come back at the same moment; empty once the pauses before have reached the limit. Time
   * in which the server was away, and nobody was tried, does not count.
   */
  Optional<Duration> after(int attempts) {
    double waited = 0;
    for (int attempt = 1; attempt < attempts; attempt++) {
      waited += LEAST_SHARE * nominal(attempt);
      if (waited >= giveUpAfter.toMillis()) {
        return Optional.empty();
      }
    }
    double share = ThreadLocalRandom.current().nextDouble(LEAST_SHARE, 1);
    return Optional.of(Duration.ofMillis((long) (share * nominal(attempts))));
  }

  private double nominal(int attempt) {
    return Math.min(longest.toMillis(), first.toMillis() * Math.pow(2, attempt - 1));
  }
}
