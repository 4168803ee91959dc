package orderflow.platform.jdbc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * On how many disks a 201 is. PostgreSQL's own settings say so: a commit that waits for standbys
 * does not return without them, and one that is cut short is no success ({@link
 * DatabaseTransactions}).
 */
@Component("durabilityHealthIndicator")
class DurabilityHealth implements HealthIndicator, MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(DurabilityHealth.class);

  private static final Status DEGRADED = new Status("DEGRADED");
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Each role may count the standbys that are connected; who they are, pg_monitor alone may read.
   */
  private static final String STATE =
      """
      select current_setting('synchronous_standby_names'), current_setting('synchronous_commit'),
        (select count(*) from pg_stat_replication), pg_is_in_recovery()
      """;

  /** {@code FIRST 2 (a, b, c)}, {@code ANY 1 (*)}, {@code 2 (a, b)} or {@code a, b}. */
  private static final Pattern NUMBERED =
      Pattern.compile("(?i)\\s*(?:(?:any|first)\\s+)?(\\d+)\\s*\\(.*", Pattern.DOTALL);

  /** What a commit waits for that is no other server's disk. */
  private static final Set<String> NO_STANDBYS_DISK = Set.of("local", "off", "remote_write");

  /**
   * What is known of the disks.
   *
   * @param copies on how many an acknowledged order is
   * @param missing how many standbys a commit waits for that are not connected
   */
  record Disks(int copies, long missing) {}

  private final DataSource database;
  private final Durability promised;
  private @Nullable Disks known;
  private long knownSince;
  private @Nullable String reported;

  DurabilityHealth(DataSource database, DurabilitySettings settings) {
    this.database = database;
    this.promised = settings.durability();
  }

  @Override
  public Health health() {
    Disks disks = disks();
    if (disks == null) {
      return Health.unknown().build(); // which the component db reports
    }
    String shortfall = shortfall(disks);
    return Health.status(shortfall == null ? Status.UP : DEGRADED)
        .withDetail("copies", disks.copies())
        .withDetail("reason", shortfall == null ? "" : shortfall)
        .build();
  }

  @EventListener(ApplicationReadyEvent.class)
  @Order(0) // before the log says that all is ready
  void lookOnce() {
    disks();
  }

  private @Nullable String shortfall(Disks disks) {
    if (disks.missing() > 0) {
      return "a synchronous standby is not connected: orders wait for it and are answered 503";
    }
    if (promised == Durability.REPLICATED && disks.copies() < 2) {
      return "a 201 is on one disk only: PostgreSQL has no synchronous standby"
          + " (synchronous_standby_names)";
    }
    return null;
  }

  private synchronized @Nullable Disks disks() {
    long now = System.nanoTime();
    if (known == null || now - knownSince > KEPT_NANOS) {
      try {
        Disks found = Bulkhead.HEALTH.call(this::ask).orElse(null);
        known = found;
        knownSince = now;
        report(found);
      } catch (SQLException away) {
        known = null;
      }
    }
    return known;
  }

  private void report(@Nullable Disks disks) {
    String shortfall = disks == null ? null : shortfall(disks);
    if (shortfall != null && !shortfall.equals(reported)) {
      log.warn("Durability is less than promised: {}", shortfall);
    } else if (shortfall == null && reported != null && disks != null) {
      log.warn("Durability is as promised again; disks that a 201 is on: {}", disks.copies());
    }
    reported = shortfall;
  }

  /** Empty on a standby, which acknowledges nothing. */
  private Optional<Disks> ask() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(STATE)) {
        row.next();
        return row.getBoolean(4)
            ? Optional.empty()
            : Optional.of(disks(row.getString(1), row.getString(2), row.getLong(3)));
      }
    }
  }

  static Disks disks(String standbyNames, String commit, long connected) {
    if (standbyNames.isBlank() || NO_STANDBYS_DISK.contains(commit)) {
      return new Disks(1, 0);
    }
    Matcher numbered = NUMBERED.matcher(standbyNames);
    int needed = numbered.matches() ? Integer.parseInt(numbered.group(1)) : 1;
    return new Disks(1 + needed, Math.max(0, needed - connected));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orderflow.durability.copies", this, DurabilityHealth::copies)
        .description("On how many disks an order is before it is answered 201")
        .register(registry);
  }

  private double copies() {
    Disks disks = disks();
    return disks == null ? Double.NaN : disks.copies();
  }
}
