package orderflow.operation;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * So many in a second, whichever instance begins them: what is begun uses time up, and at most a
 * second's worth of unused time counts. A clock that was put back begins anew.
 */
final class Pace {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private Pace() {}

  /** How many may begin now. */
  static int allowed(@Nullable OffsetDateTime usedUpTo, OffsetDateTime now, int rate) {
    long unused = Duration.between(base(usedUpTo, now), now).toNanos();
    return (int) (unused * rate / SECOND.toNanos());
  }

  /** Up to when the rate is used up if so many begin now. */
  static OffsetDateTime after(
      @Nullable OffsetDateTime usedUpTo, OffsetDateTime now, int rate, int begun) {
    return base(usedUpTo, now).plusNanos(begun * SECOND.toNanos() / rate);
  }

  private static OffsetDateTime base(@Nullable OffsetDateTime usedUpTo, OffsetDateTime now) {
    OffsetDateTime earliest = now.minus(SECOND);
    return usedUpTo == null || usedUpTo.isBefore(earliest) || usedUpTo.isAfter(now)
        ? earliest
        : usedUpTo;
  }
}
