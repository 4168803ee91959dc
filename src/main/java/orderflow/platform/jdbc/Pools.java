package orderflow.platform.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import orderflow.platform.jdbc.DatabaseSettings.Part;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;

/** A pool of connections for each {@link Bulkhead}. */
public class Pools implements MeterBinder, AutoCloseable {

  /** How much longer than the server this client waits for the end of a statement. */
  private static final int SOCKET_SECONDS_MORE = 2;

  private static final long BETWEEN_EVICTIONS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Bulkhead, HikariDataSource> pools = new EnumMap<>(Bulkhead.class);
  private final AtomicLong evictedAt = new AtomicLong(System.nanoTime() - BETWEEN_EVICTIONS);

  /**
   * @param common makes what each pool begins with: {@code spring.datasource.hikari}
   */
  Pools(DatabaseSettings settings, DataSourceProperties database, Supplier<HikariConfig> common) {
    for (Bulkhead bulkhead : Bulkhead.values()) {
      pools.put(bulkhead, pool(bulkhead, settings, database, common.get()));
    }
  }

  private static HikariDataSource pool(
      Bulkhead bulkhead,
      DatabaseSettings settings,
      DataSourceProperties database,
      HikariConfig common) {
    Part part = settings.of(bulkhead);
    String name = bulkhead.name().toLowerCase(Locale.ROOT);
    String url = database.determineUrl();
    HikariDataSource pool = new HikariDataSource();
    common.copyStateTo(pool);
    pool.setPoolName(name);
    pool.setJdbcUrl(SessionOptions.urlWithout(url));
    pool.setDriverClassName(database.determineDriverClassName());
    pool.setUsername(database.determineUsername());
    pool.setPassword(database.determinePassword());
    pool.setMaximumPoolSize(part.connections());
    pool.setMinimumIdle(Math.min(part.connections(), atRest(bulkhead)));
    if (pool.getMinimumIdle() == pool.getMaximumPoolSize()) {
      pool.setIdleTimeout(0); // else Hikari warns that it has no effect
    }
    pool.setExceptionOverrideClassName(BrokenConnections.class.getName());
    Properties properties = pool.getDataSourceProperties();
    String options = SessionOptions.of(settings, bulkhead, url);
    switch (settings.pooler()) {
      case AUTO, NONE -> properties.merge("options", options, (a, b) -> a + " " + b);
      case SESSION -> {
        String settle = SessionOptions.statement(SessionOptions.byName(options), false);
        String own = pool.getConnectionInitSql();
        pool.setConnectionInitSql(own == null ? settle : settle + "; " + own);
      }
      case TRANSACTION -> {} // defaults of the role, and DatabaseTransactions
    }
    properties.putIfAbsent("ApplicationName", "orderflow " + name);
    properties.putIfAbsent(
        "socketTimeout", String.valueOf(part.statementTimeout().toSeconds() + SOCKET_SECONDS_MORE));
    return pool;
  }

  /** Connections that are kept open though nothing uses them. */
  private static int atRest(Bulkhead bulkhead) {
    return switch (bulkhead) {
      case INTAKE, FLOW -> 2;
      case REQUESTS, HEALTH -> 1;
      case MAINTENANCE -> 0;
    };
  }

  /** Gives connections of the bulkhead that the asking thread is in. */
  DataSource routed() {
    return new BulkheadDataSource(this::of);
  }

  /** The connections of one bulkhead. */
  public HikariDataSource of(Bulkhead bulkhead) {
    HikariDataSource pool = pools.get(bulkhead);
    if (pool == null) {
      throw new IllegalStateException("no connections for " + bulkhead);
    }
    return pool;
  }

  /**
   * Replaces all connections, each as soon as it is free; not more often than once a second. To be
   * called when the server behind them has turned out to be of no use.
   */
  public void evictAll() {
    long now = System.nanoTime();
    long last = evictedAt.get();
    if (now - last >= BETWEEN_EVICTIONS && evictedAt.compareAndSet(last, now)) {
      for (HikariDataSource pool : pools.values()) {
        HikariPoolMXBean running = pool.getHikariPoolMXBean();
        if (running != null) {
          running.softEvictConnections();
        }
      }
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    pools
        .values()
        .forEach(
            pool -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry)));
  }

  @Override
  public void close() {
    Arrays.stream(Bulkhead.values()).map(this::of).forEach(HikariDataSource::close);
  }
}
