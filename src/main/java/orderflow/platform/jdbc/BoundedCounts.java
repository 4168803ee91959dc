package orderflow.platform.jdbc;

import java.util.List;

/**
 * Counts of the parts of one table, each exact up to a limit. What an estimate of the whole leaves
 * is shared out among the parts beyond it.
 */
public final class BoundedCounts {

  /** How far statements count; they read one row more, which says that there are more. */
  public static final long EXACT = 10_000;

  private BoundedCounts() {}

  public static boolean isExact(long counted) {
    return counted <= EXACT;
  }

  /** The size of a part beyond the limit: never less than what was counted. */
  public static long estimate(List<Long> counted, long whole) {
    long exact = counted.stream().filter(BoundedCounts::isExact).mapToLong(n -> n).sum();
    long beyond = counted.stream().filter(n -> !isExact(n)).count();
    return beyond == 0 ? 0 : Math.max(EXACT + 1, (whole - exact) / beyond);
  }
}
