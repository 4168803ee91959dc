package orderflow.platform.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the database answers and takes writes, in bounded time: one that is frozen would hold the
 * question for as long as any statement may take. Connections to one that is read-only are
 * replaced: after a fail-over, new ones may lead to the server that takes writes.
 */
@Component("dbHealthIndicator")
public class DatabaseHealth implements HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(DatabaseHealth.class);
  private static final int TIMEOUT_MILLIS = 2_000;

  /** The second also where the role or the database has it as a default, as on a full disk. */
  private static final String IS_READ_ONLY =
      "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean";

  private final DataSource database;
  private final Pools pools;
  private final AtomicReference<@Nullable Instant> readOnlySince = new AtomicReference<>();

  DatabaseHealth(DataSource database, Pools pools) {
    this.database = database;
    this.pools = pools;
  }

  @Override
  public Health health() {
    try {
      return Bulkhead.HEALTH.call(this::isReadOnly) ? readOnly() : writable();
    } catch (SQLException away) {
      return Health.down().build();
    }
  }

  /** Since when it has been seen to take no writes; empty if it takes them. */
  public Optional<Instant> readOnlySince() {
    health();
    return Optional.ofNullable(readOnlySince.get());
  }

  private boolean isReadOnly() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(IS_READ_ONLY)) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private Health readOnly() {
    pools.evictAll();
    if (readOnlySince.compareAndSet(null, Instant.now())) {
      log.warn("The database is read-only; orders are answered 503 until it takes writes again");
    }
    return Health.down().build();
  }

  private Health writable() {
    if (readOnlySince.getAndSet(null) != null) {
      log.warn("The database takes writes again");
    }
    return Health.up().build();
  }
}
