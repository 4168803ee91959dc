package orderflow.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How fast bulk records leave: no more than the consumers can soon have handled, so that a live
 * record never has many before it; and few while a file is being placed, as what follows from them
 * would take the machine from the placing and from the requests beside it.
 */
@Component
public class BulkThrottle {

  /** How old the word on the consumers may be. */
  static final Duration FRESH = Duration.ofMillis(100);

  /** Consumers that have come no further for so long get a few records all the same. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ConsumerLag lag;
  private final OutboxSettings settings;
  private final LongSupplier nanoTime;
  private final AtomicInteger underWay = new AtomicInteger();

  private boolean waiting;
  private long lastTrickle;
  private long asked;
  private long progressed;
  private long behind;
  private long room;

  @Autowired
  BulkThrottle(ConsumerLag lag, OutboxSettings settings) {
    this(lag, settings, System::nanoTime);
  }

  BulkThrottle(ConsumerLag lag, OutboxSettings settings, LongSupplier nanoTime) {
    this.lag = lag;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.progressed = nanoTime.getAsLong();
    this.asked = progressed - Duration.ofDays(1).toNanos();
    this.lastTrickle = asked;
  }

  /** A bulk of orders is being placed from now on. */
  public void begins() {
    underWay.incrementAndGet();
  }

  public void ends() {
    underWay.decrementAndGet();
  }

  /**
   * How many bulk records may leave now.
   *
   * @param awaited of those that a customer's live records wait for, which are not held back for a
   *     file that is being placed
   * @param others of all, once those have left
   */
  record Allowance(int awaited, int others) {}

  /** As long as no records are known to wait, the broker is not asked. */
  synchronized Allowance allowance() {
    boolean placing = underWay.get() > 0;
    int free = waiting ? roomNow() : settings.batch();
    boolean stuck = free == 0 && nanoTime.getAsLong() - progressed >= PATIENCE.toNanos();
    int few = placing || stuck ? trickle() : 0;
    int others = placing ? few : waiting ? Math.max(free, few) : settings.bulkBatch();
    return new Allowance(Math.max(free, few), others);
  }

  /** For how many the consumers have room. */
  private int roomNow() {
    long now = nanoTime.getAsLong();
    if (now - asked >= FRESH.toNanos()) {
      asked = now;
      ask(now);
    }
    return (int) Math.max(0, Math.min(room, settings.batch()));
  }

  /**
   * Notes how many have left, which are more than were allowed where live ones waited for them.
   *
   * @param full whether others had no room to leave with them
   * @return whether more may be waiting
   */
  synchronized boolean left(int records, int allowed, boolean full) {
    room -= records;
    if (full || allowed > 0) {
      waiting = full || records >= allowed;
    }
    return waiting;
  }

  private void ask(long now) {
    try {
      long before = behind;
      behind = lag.records();
      room = settings.bulkMaxLag() - behind;
      progressed = room > 0 || behind < before ? now : progressed;
    } catch (RuntimeException e) {
      room = 0;
    }
  }

  private int trickle() {
    long now = nanoTime.getAsLong();
    if (now - lastTrickle < settings.pollInterval().toNanos()) {
      return 0;
    }
    lastTrickle = now;
    return settings.bulkBatch();
  }
}
