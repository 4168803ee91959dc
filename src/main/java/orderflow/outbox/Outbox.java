package orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.background.BackgroundLoop;
import orderflow.failure.Failures;
import orderflow.sql.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes what the outbox holds. A row is deleted in the transaction that waits for the broker's
 * acknowledgement: a crash in between publishes it again rather than never. One instance at a time
 * does it, live records before bulk ones and else in the order of the rows, so a customer's events
 * keep theirs. A batch that the broker refuses is halved down to the record it will never take,
 * which is filed while the others go on.
 */
@Component
public class Outbox {

  private static final long RELAY_LOCK = 0x6f7574626f78L; // "outbox"
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * A round's records are in memory several times; of each lane, no more are taken after so many.
   */
  private static final int MOST_BYTES = 4 << 20;

  private static final String TAKE = SqlFile.read("take-outbox.sql");

  /**
   * The broker has the records by the time of the commit, so nothing waits for the disk to have
   * their deletion: if the database server dies before, they are published again, as they are when
   * it dies right before the commit.
   */
  private static final String BEGIN =
      "set local lock_timeout = '2s'; set local synchronous_commit = off;"
          + " select pg_advisory_xact_lock("
          + RELAY_LOCK
          + ")";

  private final JdbcTemplate jdbc;
  private final NamedParameterJdbcTemplate named;
  private final TransactionTemplate transaction;
  private final RecordPublisher publisher;
  private final RefusedRecords refused;
  private final BulkLane bulkLane;
  private final OutboxSettings settings;
  private final BackgroundLoop loop;

  /**
   * @param refused asked for late: who files refused records tells of them through this outbox
   */
  Outbox(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      RecordPublisher publisher,
      @Lazy RefusedRecords refused,
      BulkLane bulkLane,
      OutboxSettings settings) {
    this.jdbc = jdbc;
    this.named = new NamedParameterJdbcTemplate(jdbc);
    this.transaction = new TransactionTemplate(transactions);
    this.publisher = publisher;
    this.refused = refused;
    this.bulkLane = bulkLane;
    this.settings = settings;
    this.loop = new BackgroundLoop("outbox-relay", settings.poll(), this::relay);
  }

  /** There may be something to publish now. */
  public void wake() {
    loop.wake();
  }

  /**
   * There will be something to publish when the transaction at hand, if there is one, has been
   * committed.
   */
  public void wakeAfterCommit() {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              wake();
            }
          });
    } else {
      wake();
    }
  }

  /** Publishes a batch and returns whether there may be more. */
  boolean relay() {
    BulkLane.Allowance bulkAllowed = bulkLane.allowance();
    try {
      Round round = transaction.execute(status -> publishNext(bulkAllowed));
      if (round == null) {
        return false;
      }
      boolean bulkIsFull = round.bulk.isFull(settings.batch());
      boolean more = round.live.isFull(settings.batch()) || bulkIsFull;
      if (!bulkLane.left(round.bulk.records, bulkAllowed.others(), bulkIsFull)) {
        return more;
      }
      loop.lookAgainIn(BulkLane.FRESH);
      return bulkAllowed.others() > 0 || more;
    } catch (DataAccessException e) {
      if (isTakenByAnother(e)) {
        return false; // who is at it sees our rows too
      }
      throw e;
    }
  }

  private static boolean isTakenByAnother(DataAccessException failure) {
    return failure.getMostSpecificCause() instanceof SQLException refused
        && LOCK_NOT_AVAILABLE.equals(refused.getSQLState());
  }

  /** What was taken of one lane. */
  private static final class Load {
    private int records;
    private long bytes;

    void add(byte @Nullable [] payload) {
      records++;
      bytes += payload == null ? 0 : payload.length;
    }

    /** Whether others may have been left for want of room. */
    boolean isFull(int most) {
      return records >= most || bytes >= MOST_BYTES;
    }
  }

  private record Round(Load live, Load bulk) {}

  private Round publishNext(BulkLane.Allowance bulkAllowed) {
    jdbc.execute(BEGIN);
    Round round = new Round(new Load(), new Load());
    List<OutboxRecord> records =
        named
            .query(
                TAKE,
                Map.of(
                    "batch", settings.batch(),
                    "others", bulkAllowed.others(),
                    "awaited", bulkAllowed.awaited(),
                    "bytes", MOST_BYTES),
                (row, n) -> {
                  Lane lane = Lane.values()[row.getInt("lane")];
                  OutboxRecord record = outboxRecord(row, lane);
                  (lane == Lane.LIVE ? round.live : round.bulk).add(record.payload());
                  return record;
                })
            .stream()
            .sorted(Comparator.comparingLong(OutboxRecord::id))
            .toList();
    publish(records);
    return round;
  }

  private void publish(List<OutboxRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    try {
      publisher.publish(records);
    } catch (RuntimeException e) {
      if (!Failures.isRefusedByBroker(e)) {
        throw e;
      }
      if (records.size() == 1) {
        refused.file(records.get(0), Failures.reason(e));
        return;
      }
      int middle = records.size() / 2;
      publish(records.subList(0, middle));
      publish(records.subList(middle, records.size()));
    }
  }

  private static OutboxRecord outboxRecord(ResultSet row, Lane lane) throws SQLException {
    String headers = row.getString("headers");
    return new OutboxRecord(
        row.getLong("id"),
        row.getString("topic"),
        row.getBytes("key"),
        row.getBytes("payload"),
        row.getObject("subject", UUID.class),
        lane.marked(headers == null ? null : RecordHeaders.of(headers)),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /** Once the route that publishes is there. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    loop.start();
  }

  /** Waits for the round at hand, before Camel takes that route away. */
  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stop() {
    loop.stop();
  }

  boolean isRunning() {
    return loop.isRunning();
  }
}
