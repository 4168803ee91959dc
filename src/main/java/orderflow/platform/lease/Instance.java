package orderflow.platform.lease;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.retry.OutageLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * This instance among all that share the database. It adds a beat to its row every sixth of the
 * lease duration, and ends the terms of those whose beats it has not seen grow for the whole of it.
 */
@Component
public class Instance implements SmartLifecycle, MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(Instance.class);

  private static final String BEAT =
      """
      with beaten as (update instance set beat = beat + 1, beat_at = now() where id = ? returning id)
      select id, beat, name, false as own from instance where id <> ?
      union all select id, 0, '', true from beaten
      """;

  private record Row(long id, long beat, String name, boolean own) {}

  /** A beat of another instance, and when this one first saw it. */
  private record Sight(long beat, long since) {}

  private final JdbcTemplate jdbc;
  private final Duration duration;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final String name = nameOfProcess();
  private final OutageLog outage = new OutageLog("lease renewal");
  private final Map<Long, Sight> others = new HashMap<>();
  private volatile int alive = 1;
  private volatile @Nullable Term term;
  private volatile Runnable afterBeat = () -> {};
  private long lastBeat;
  private @Nullable ScheduledExecutorService heart;

  @Autowired
  Instance(JdbcTemplate jdbc, LeaseSettings settings) {
    this(jdbc, settings.duration(), System::nanoTime);
  }

  Instance(JdbcTemplate jdbc, Duration duration, LongSupplier nanoTime) {
    this.jdbc = jdbc;
    this.duration = duration;
    this.interval = duration.dividedBy(6);
    this.nanoTime = nanoTime;
  }

  /**
   * The running term.
   *
   * @return null while there is none: before the first beat, and while the database has not
   *     confirmed one for the lease duration
   */
  public @Nullable Term term() {
    Term current = term;
    return current != null && current.isValid() ? current : null;
  }

  /** Adds a beat, and ends the terms of instances that have stopped. */
  synchronized void beat() {
    long now = nanoTime.getAsLong();
    Term current = term;
    if (current == null) {
      term = begin(now);
    } else {
      List<Row> rows = jdbc.query(BEAT, Instance::row, current.id(), current.id());
      if (rows.stream().anyMatch(Row::own)) {
        current.extendTo(now + duration.toNanos());
      } else {
        current.finish();
        Term next = begin(now);
        term = next;
        log.warn(
            "This instance was silent for too long: another one has taken over what it held."
                + " It goes on as instance {}",
            next.id());
      }
      observe(rows, now);
    }
    afterBeat.run();
  }

  /** Ends this instance's term: what it holds is free at once. */
  synchronized void end() {
    Term current = term;
    if (current != null) {
      current.finish();
      term = null;
      jdbc.update("delete from instance where id = ?", current.id());
    }
  }

  void afterEachBeat(Runnable work) {
    afterBeat = work;
  }

  private Term begin(long now) {
    Long id =
        jdbc.queryForObject(
            "insert into instance (name) values (?) returning id", Long.class, name);
    return new Term(Objects.requireNonNull(id), now + duration.toNanos(), nanoTime);
  }

  /**
   * What others did while this instance could not look is unknown, so it begins to wait for their
   * next beat anew: after an outage of the database everybody has the time to come back.
   */
  private void observe(List<Row> rows, long now) {
    boolean lookedAway = now - lastBeat > 3 * interval.toNanos();
    lastBeat = now;
    Map<Long, Sight> seen = new HashMap<>();
    for (Row row : rows) {
      if (row.own) {
        continue;
      }
      Sight before = others.get(row.id);
      Sight sight =
          before == null || before.beat != row.beat || lookedAway
              ? new Sight(row.beat, now)
              : before;
      if (now - sight.since >= duration.toNanos() && fence(row)) {
        continue;
      }
      seen.put(row.id, sight);
    }
    others.clear();
    others.putAll(seen);
    alive = 1 + seen.size();
  }

  private boolean fence(Row other) {
    boolean ended =
        jdbc.update("delete from instance where id = ? and beat = ?", other.id, other.beat) > 0;
    if (ended) {
      log.warn(
          "Instance {} ({}) has been silent for {} s: its work is taken over",
          other.id,
          other.name,
          duration.toSeconds());
    }
    return ended;
  }

  private static Row row(ResultSet row, int n) throws SQLException {
    return new Row(
        row.getLong("id"), row.getLong("beat"), row.getString("name"), row.getBoolean("own"));
  }

  private static String nameOfProcess() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown host";
    }
    return host + " pid " + ProcessHandle.current().pid();
  }

  /** Before everything that takes leases, and after it at a stop. */
  @Override
  public int getPhase() {
    return -1;
  }

  @Override
  public synchronized void start() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "lease-renewal"));
    executor.scheduleWithFixedDelay(
        this::beatOrReport, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    heart = executor;
  }

  /** Over connections of its own, so that other work can't end the term. */
  private void beatOrReport() {
    try {
      Bulkhead.HEALTH.run(this::beat);
      outage.recovered();
    } catch (RuntimeException | Error e) { // an executor ends what throws
      outage.failure(e);
    }
  }

  @Override
  public void stop() {
    ScheduledExecutorService executor = heart;
    heart = null;
    if (executor == null) {
      return;
    }
    executor.shutdown();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // the database is away: others take over after the lease duration
    }
  }

  @Override
  public boolean isRunning() {
    return heart != null;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orderflow.instances", this, instance -> instance.alive)
        .description("Instances on this database that renew their leases, as this one sees it")
        .register(registry);
  }
}
