package orderflow.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's lease. It is kept while there is work and released soon after, as orders of other
 * instances wait for it. An instance that is refused tries again soon, for as long as the holder
 * may take to release it; its log says so if records grow old meanwhile.
 */
final class RelayLease {

  static final String NAME = "outbox-relay";

  /** How long it is kept without work. */
  static final Duration IDLE = Duration.ofMillis(50);

  /** Between two attempts to get it. */
  static final Duration RETRY = Duration.ofMillis(25);

  /** Attempts after a wake-up; then the poll interval is kept to. */
  private static final int ATTEMPTS = 20;

  /**
   * A record that has waited for so long while another instance holds the lease is worth a word.
   */
  private static final Duration OVERDUE = Duration.ofSeconds(5);

  private static final Duration REMINDER = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(RelayLease.class);

  private final Leases leases;
  private final OutboxRows rows;
  private final LongSupplier nanoTime;
  private @Nullable Lease lease;
  private long worked;
  private int attemptsLeft;
  private boolean refused;
  private long refusedSince;
  private long nextAttempt;
  private long nextLook;
  private boolean logged;
  private long loggedAt;
  private volatile double overdueSeconds;

  RelayLease(Leases leases, OutboxRows rows, LongSupplier nanoTime) {
    this.leases = leases;
    this.rows = rows;
    this.nanoTime = nanoTime;
  }

  /** The lease, if this instance holds it. */
  @Nullable Lease held() {
    if (lease != null && !lease.isHeld()) {
      release();
    }
    return lease;
  }

  /** This instance has been woken: attempts begin anew. */
  void wanted() {
    attemptsLeft = ATTEMPTS;
  }

  /** How long to wait until the next attempt; 0 if it can be made now. */
  Duration pause() {
    long pause = refused ? nextAttempt - nanoTime.getAsLong() : 0;
    return Duration.ofNanos(Math.max(0, pause));
  }

  /** Whether another attempt is to be made before the next poll. */
  boolean isTriedAgain() {
    return refused && attemptsLeft > 0;
  }

  /**
   * Takes it.
   *
   * @return null if another instance holds it
   */
  @Nullable Lease take() {
    lease = leases.take(NAME);
    long now = nanoTime.getAsLong();
    if (lease != null) {
      worked = now;
      atRest();
      return lease;
    }
    if (!refused) {
      refused = true;
      refusedSince = now;
      nextLook = now + OVERDUE.toNanos();
    }
    attemptsLeft--;
    nextAttempt = now + RETRY.toNanos();
    if (nextLook - now <= 0) {
      nextLook = now + OVERDUE.toNanos();
      look(now);
    }
    return null;
  }

  /** There is nothing to be published: nothing is waited for. */
  void atRest() {
    refused = false;
    logged = false;
    overdueSeconds = 0;
  }

  /** How long it has been refused. */
  Duration refusedFor() {
    return Duration.ofNanos(refused ? nanoTime.getAsLong() - refusedSince : 0);
  }

  private void look(long now) {
    double oldest = rows.oldestSeconds();
    boolean overdue = oldest >= OVERDUE.toSeconds();
    overdueSeconds = overdue ? oldest : 0;
    if (overdue && (!logged || now - loggedAt >= REMINDER.toNanos())) {
      logged = true;
      loggedAt = now;
      Optional<Leases.Holder> holder = leases.holder(NAME);
      log.warn(
          "Records wait for another instance, which holds the lease {}: {}, since {};"
              + " the oldest has waited for {} s",
          NAME,
          holder.map(Leases.Holder::instance).orElse("unknown"),
          holder.map(Leases.Holder::since).map(Instant::toString).orElse("a moment ago"),
          Math.round(oldest));
    }
  }

  /** There was work. */
  void worked() {
    worked = nanoTime.getAsLong();
  }

  boolean isIdle() {
    return nanoTime.getAsLong() - worked >= IDLE.toNanos();
  }

  void release() {
    Lease held = lease;
    lease = null;
    if (held != null) {
      held.close();
    }
  }

  /** How old the oldest record is, if it waits for another instance; else 0. */
  double overdueSeconds() {
    return overdueSeconds;
  }
}
