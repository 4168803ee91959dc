package orderflow.privacy;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer whose names and addresses are to be stored no more.
 *
 * @param at when that was asked for; what they order later is stored as ever
 */
public record ErasedCustomer(String customerId, Instant at) {

  /** How long what was read before the erasure may take until it is stored. */
  static final Duration UNDER_WAY = Duration.ofMinutes(1);

  /**
   * Whether an event belongs to the time before the erasure. One that does not say when its order
   * was completed is taken for one of that time.
   */
  public boolean covers(@Nullable Instant completedAt) {
    return completedAt == null || !completedAt.isAfter(at);
  }

  /** The same for what is stored already: a record stored long after the erasure is a later one. */
  public boolean covers(@Nullable Instant completedAt, Instant storedAt) {
    return completedAt == null ? !storedAt.isAfter(at.plus(UNDER_WAY)) : covers(completedAt);
  }
}
