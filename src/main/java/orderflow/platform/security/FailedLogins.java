package orderflow.platform.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts wrong keys by the address they come from, and asks an address with too many of them to
 * wait. It never refuses a right key, so that clients behind one address can't lock each other out.
 * The length of the keys is what prevents guessing.
 */
final class FailedLogins {

  private static final Logger log = LoggerFactory.getLogger(FailedLogins.class);
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_ADDRESSES = 10_000;

  private static final class Count {
    final long begin;
    int failures;

    Count(long begin) {
      this.begin = begin;
    }
  }

  private final int limit;
  private final LongSupplier nanos;

  /** New entries replace the oldest ones. */
  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /**
   * @param limit how many wrong keys an address may send in a minute
   * @param nanos a monotonic clock
   */
  FailedLogins(int limit, LongSupplier nanos) {
    this.limit = limit;
    this.nanos = nanos;
  }

  /**
   * What an address may still send.
   *
   * @param limit wrong keys in a minute
   * @param remaining below 0 once there were too many
   * @param seconds until the minute is over
   */
  record Quota(int limit, int remaining, long seconds) {

    boolean isExceeded() {
      return remaining < 0;
    }
  }

  /** Counts a wrong key. */
  synchronized Quota note(String address) {
    String from = network(address);
    long now = nanos.getAsLong();
    Count count = counts.get(from);
    if (count == null || now - count.begin >= WINDOW_NANOS) {
      counts.remove(from);
      count = new Count(now);
      counts.put(from, count);
    }
    count.failures++;
    if (count.failures == limit + 1) {
      log.warn("More than {} wrong keys in a minute from {}", limit, from);
    }
    return new Quota(
        limit,
        limit - count.failures,
        (WINDOW_NANOS - (now - count.begin) + SECOND_NANOS - 1) / SECOND_NANOS);
  }

  synchronized int size() {
    return counts.size();
  }

  /** An IPv6 client can choose its addresses from a network of 64 bits. */
  private static String network(String address) {
    String[] groups = address.split(":", -1);
    return groups.length < 8
        ? address
        : String.join(":", groups[0], groups[1], groups[2], groups[3]);
  }
}
