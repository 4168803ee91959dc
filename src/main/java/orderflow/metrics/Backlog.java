package orderflow.metrics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import orderflow.database.Bulkhead;
import orderflow.sql.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads what waits in the database: once for all numbers of a scrape, and not again right after a
 * failure.
 */
@Component
class Backlog {

  private static final String READ = SqlFile.read("backlog.sql");
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final JdbcTemplate jdbc;
  private final Clock clock;
  private long readAt;
  private @Nullable Waiting last;

  Backlog(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Counts, and ages in seconds; NaN while the database is away. */
  record Waiting(
      double outbox,
      double outboxAge,
      double mailsDue,
      double mailAge,
      double mails,
      double point,
      double coupon,
      double email) {

    static final Waiting UNKNOWN =
        new Waiting(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN);
  }

  synchronized Waiting now() {
    if (last == null || System.nanoTime() - readAt > FRESH.toNanos()) {
      last = read(clock.instant());
      readAt = System.nanoTime();
    }
    return last;
  }

  private Waiting read(Instant now) {
    try {
      Waiting waiting =
          Bulkhead.HEALTH.call(
              () -> jdbc.queryForObject(READ, Backlog::waiting, now.atOffset(ZoneOffset.UTC)));
      return waiting == null ? Waiting.UNKNOWN : waiting;
    } catch (DataAccessException | TransactionException away) {
      return Waiting.UNKNOWN;
    }
  }

  /** An age of nothing is 0, and so is one of what is due in future. */
  private static Waiting waiting(ResultSet row, int n) throws SQLException {
    return new Waiting(
        row.getDouble("outbox"),
        Math.max(0, row.getDouble("outbox_age")),
        row.getDouble("mails_due"),
        Math.max(0, row.getDouble("mail_age")),
        row.getDouble("mails"),
        row.getDouble("point"),
        row.getDouble("coupon"),
        row.getDouble("email"));
  }
}
