package orderflow.platform.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: the pause doubles with each failure, up to the longest.
 *
 * @param initial the pause after the first failure
 * @param max the longest pause
 * @param jitter by what share of its length a pause may be shorter, so that many that failed
 *     together do not come back together; 0 for none
 */
public record Backoff(Duration initial, Duration max, double jitter) {

  /** Beyond it every pause is the longest: the doubled one would overflow. */
  private static final int MOST_DOUBLINGS = 30;

  public Backoff {
    if (initial.toMillis() < 1 || max.compareTo(initial) < 0 || jitter < 0 || jitter >= 1) {
      throw new IllegalArgumentException(
          "no back-off from " + initial + " to " + max + " with jitter " + jitter);
    }
  }

  /** Without jitter. */
  public Backoff(Duration initial, Duration max) {
    this(initial, max, 0);
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param failures at least 1
   */
  public Duration after(int failures) {
    if (jitter == 0) {
      return longestAfter(failures);
    }
    double share = ThreadLocalRandom.current().nextDouble(1 - jitter, 1);
    return Duration.ofNanos((long) (share * longestAfter(failures).toNanos()));
  }

  /** The shortest pause that {@link #after} can return. */
  public Duration shortestAfter(int failures) {
    return Duration.ofNanos((long) ((1 - jitter) * longestAfter(failures).toNanos()));
  }

  private Duration longestAfter(int failures) {
    int doublings = failures - 1;
    if (doublings > MOST_DOUBLINGS) {
      return max;
    }
    Duration pause = initial.multipliedBy(1L << doublings);
    return pause.compareTo(max) < 0 ? pause : max;
  }
}
