package orderflow.platform.lease;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** An instance whose time passes, and whose heart beats, only when a test lets it. */
public final class SteppedInstance {

  private final AtomicLong nanoTime = new AtomicLong();
  private final Instance instance;
  private final Leases leases;

  public SteppedInstance(DataSource database) {
    JdbcTemplate jdbc = new JdbcTemplate(database);
    instance = new Instance(jdbc, Duration.ofSeconds(6), nanoTime::get);
    leases = new Leases(jdbc, instance);
  }

  public Instance instance() {
    return instance;
  }

  public Leases leases() {
    return leases;
  }

  public void beat() {
    instance.beat();
  }

  /** Lets it live for so long: long enough to notice that others are silent. */
  public void beatsFor(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
      instance.beat();
    }
  }

  /** Lets time pass without a beat, as for a process that is frozen. */
  public void isFrozenFor(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  /** As at a stop. */
  public void end() {
    instance.end();
  }
}
