package orderflow.platform.lease;

import java.util.function.LongSupplier;

/**
 * The time in which this instance counts as alive for all others. What is taken in a term bears its
 * id and ends with it.
 */
public final class Term {

  private final long id;
  private final LongSupplier nanoTime;
  private volatile long end;
  private volatile boolean over;

  Term(long id, long end, LongSupplier nanoTime) {
    this.id = id;
    this.end = end;
    this.nanoTime = nanoTime;
  }

  /** No other term, of this or another instance, has had it or will have it. */
  public long id() {
    return id;
  }

  /**
   * Whether no other instance can have taken over. To be asked right before anything is written or
   * sent that only the holder may: a process that was frozen meanwhile finds it false.
   */
  public boolean isValid() {
    return !over && end - nanoTime.getAsLong() > 0;
  }

  void extendTo(long newEnd) {
    end = newEnd;
  }

  void finish() {
    over = true;
  }
}
