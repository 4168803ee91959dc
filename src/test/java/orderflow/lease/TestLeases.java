package orderflow.lease;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** An instance's leases, whose beats and time are a test's own. */
public final class TestLeases {

  private final AtomicLong nanoTime = new AtomicLong();
  private final Instance instance;
  private final Leases leases;

  public TestLeases(DataSource database) {
    JdbcTemplate jdbc = new JdbcTemplate(database);
    instance = new Instance(jdbc, Duration.ofSeconds(6), nanoTime::get);
    leases = new Leases(jdbc, instance);
    instance.beat();
  }

  public Leases leases() {
    return leases;
  }

  /** So many seconds pass in which the instance is alive. */
  public void beatsFor(int seconds) {
    for (int second = 0; second < seconds; second++) {
      freezesFor(1);
      instance.beat();
    }
  }

  /** So many seconds pass in which the instance does not know of them. */
  public void freezesFor(int seconds) {
    nanoTime.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
