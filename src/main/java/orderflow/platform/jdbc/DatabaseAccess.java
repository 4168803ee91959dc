package orderflow.platform.jdbc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Whether this instance reaches a database that takes writes. While it does not, its Kafka
 * consumers stay out of their group, so that instances that do reach one have the partitions.
 */
@Component
public class DatabaseAccess implements MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(DatabaseAccess.class);
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);
  private static final int ANSWER_SECONDS = 2;

  private final BooleanSupplier database;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile boolean lost;
  private volatile long lostSince;
  private long asked;

  @Autowired
  DatabaseAccess(JdbcTemplate jdbc) {
    this(writable(jdbc));
  }

  /**
   * @param database whether it answers and takes writes; may throw if it does not
   */
  public DatabaseAccess(BooleanSupplier database) {
    this.database = database;
  }

  /**
   * A server that is read-only since a fail-over is the wrong one: others may reach the right one.
   */
  private static BooleanSupplier writable(JdbcTemplate jdbc) {
    JdbcTemplate impatient = new JdbcTemplate(jdbc.getDataSource());
    impatient.setQueryTimeout(ANSWER_SECONDS);
    return () -> "off".equals(impatient.queryForObject("show transaction_read_only", String.class));
  }

  /**
   * Asks the database. If it takes no writes, access to it is lost until {@link #awaitReturn} finds
   * it again.
   */
  public boolean isThere() {
    boolean there = ask();
    if (!there) {
      lose();
    }
    return there;
  }

  public boolean isLost() {
    return lost;
  }

  /** Waits for a moment, no longer than this, and asks the database again once a second. */
  public void awaitReturn(Duration atMost) {
    if (asking.tryLock()) {
      try {
        long now = System.nanoTime();
        if (now - asked >= ASK_AGAIN_NANOS) {
          asked = now;
          if (ask()) {
            find();
            return;
          }
        }
      } finally {
        asking.unlock();
      }
    }
    try {
      TimeUnit.MILLISECONDS.sleep(Math.min(atMost.toMillis(), LONGEST_SLEEP.toMillis()));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private synchronized void lose() {
    if (!lost) {
      lostSince = System.nanoTime();
      lost = true;
      log.warn(
          "The database does not answer or is read-only; until it takes writes again, this instance leaves its"
              + " Kafka partitions to others");
    }
  }

  private synchronized void find() {
    if (lost) {
      lost = false;
      log.warn(
          "The database takes writes again after {} s; this instance takes Kafka partitions again",
          lostSeconds());
    }
  }

  private boolean ask() {
    try {
      return database.getAsBoolean();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private long lostSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lostSince);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder(
            "orderflow.consumer.database.lost",
            this,
            access -> access.lost ? access.lostSeconds() : 0)
        .description(
            "How long this instance has been without partitions because its database takes no writes")
        .baseUnit("seconds")
        .register(registry);
  }
}
