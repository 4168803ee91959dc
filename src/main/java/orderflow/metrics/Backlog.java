package orderflow.metrics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import orderflow.consumer.OrderConsumers;
import orderflow.platform.jdbc.BoundedCounts;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads what waits in the database: once for all numbers of a scrape, and not again right after a
 * failure. Numbers above {@link BoundedCounts#EXACT} are estimates, so that a scrape costs the same
 * however long the backlog is.
 */
@Component
public class Backlog {

  private static final String READ = SqlFile.read("backlog.sql");
  private static final Duration FRESH = Duration.ofSeconds(5);

  /**
   * The driver cancels the statement then; an age found behind millions of dead rows is not worth
   * more.
   */
  private static final int TIMEOUT_SECONDS = 1;

  private final JdbcTemplate jdbc;
  private final OrderConsumers consumers;
  private final Clock clock;
  private long readAt;
  private @Nullable Waiting last;
  private Waiting lastKnown = Waiting.UNKNOWN;

  Backlog(JdbcTemplate jdbc, OrderConsumers consumers, Clock clock) {
    this.consumers = consumers;
    this.jdbc = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
    this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    this.clock = clock;
  }

  /**
   * Counts, and ages in seconds; NaN while the database is away.
   *
   * @param outboxAge of the oldest live record; those of large files have an age of their own
   * @param operations those that have not ended
   * @param deadLetters those that wait, by consumer
   */
  public record Waiting(
      double outbox,
      double outboxAge,
      double outboxBulkAge,
      double mailsDue,
      double mailAge,
      double mails,
      double operations,
      Map<String, Double> deadLetters) {

    static final Waiting UNKNOWN =
        new Waiting(
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Map.of());

    double deadLetters(String consumer) {
      return deadLetters.getOrDefault(consumer, Double.NaN);
    }
  }

  /** What waits now: what was read in the last seconds. */
  public synchronized Waiting now() {
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
              () ->
                  jdbc.queryForObject(
                      READ,
                      Backlog::waiting,
                      now.atOffset(ZoneOffset.UTC),
                      consumers.names().toArray(String[]::new)));
      lastKnown = Objects.requireNonNull(waiting);
      return lastKnown;
    } catch (QueryTimeoutException busy) {
      return lastKnown;
    } catch (DataAccessException | TransactionException away) {
      return Waiting.UNKNOWN;
    }
  }

  /** An age of nothing is 0, and so is one of what is due in future. */
  private static Waiting waiting(ResultSet row, int n) throws SQLException {
    return new Waiting(
        row.getDouble("outbox"),
        Math.max(0, row.getDouble("outbox_age")),
        Math.max(0, row.getDouble("outbox_bulk_age")),
        row.getDouble("mails_due"),
        Math.max(0, row.getDouble("mail_age")),
        row.getDouble("mails"),
        row.getDouble("operations"),
        deadLetters(row));
  }

  private static Map<String, Double> deadLetters(ResultSet row) throws SQLException {
    String[] consumers = (String[]) row.getArray("consumers").getArray();
    List<Long> waiting = List.of((Long[]) row.getArray("letters_waiting").getArray());
    long estimate = BoundedCounts.estimate(waiting, row.getLong("dead_letters"));
    Map<String, Double> byConsumer = new HashMap<>();
    for (int i = 0; i < consumers.length; i++) {
      byConsumer.put(consumers[i], exactOr(estimate, waiting.get(i)));
    }
    return byConsumer;
  }

  private static double exactOr(long estimate, long counted) {
    return BoundedCounts.isExact(counted) ? counted : estimate;
  }
}
