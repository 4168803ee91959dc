package orderflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.consumer.TestConsumers;
import orderflow.metrics.Backlog.Waiting;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class BacklogTest {

  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private static DataSource database;
  private static JdbcTemplate jdbc;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("backlog");
    jdbc = new JdbcTemplate(database);
  }

  @BeforeEach
  void empty() {
    jdbc.execute("truncate outbox, mail, dead_letter");
  }

  @Test
  void nothingWaits() {
    assertThat(read()).isEqualTo(waiting(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aShortBacklogIsCounted() {
    outbox(0, 3);
    outbox(1, 4);
    mails(5, NOW.minusSeconds(30));
    mails(2, NOW.plusSeconds(30));
    letters("coupon-consumer", 10_000);

    assertThat(read()).isEqualTo(waiting(7, 60, 60, 5, 30, 7, 0, 10_000, 0));
  }

  @Test
  void aLongOneIsEstimatedNearEnough() {
    outbox(0, 18_000);
    outbox(1, 12_000);
    mails(15_000, NOW.minusSeconds(30));
    letters("email-consumer", 18_000);
    letters("point-consumer", 5);
    jdbc.execute("analyze");

    Waiting waiting = read();

    assertThat(waiting.outbox()).isBetween(24_000.0, 36_000.0);
    assertThat(waiting.mails()).isBetween(12_000.0, 18_000.0);
    assertThat(waiting.mailsDue()).isBetween(12_000.0, 18_000.0);
    assertThat(waiting.deadLetters("email-consumer")).isBetween(14_400.0, 21_600.0);
    assertThat(waiting.deadLetters("point-consumer")).isEqualTo(5);
    assertThat(waiting.deadLetters("coupon-consumer")).isZero();
    assertThat(waiting.mailAge()).isEqualTo(30);
  }

  @Test
  void oneThatWasNeverAnalysedIsNoLessThanWhatIsCounted() {
    outbox(0, 15_000);
    letters("email-consumer", 15_000);

    assertThat(read().outbox()).isBetween(10_001.0, 30_000.0);
    assertThat(read().deadLetters("email-consumer")).isGreaterThan(10_000.0);
  }

  @Test
  void readsTheSameHoweverLongItIs() {
    outbox(0, 20_000);
    letters("email-consumer", 20_000);

    assertThat(RowsRead.of("outbox", database, sql -> read(sql))).isLessThan(10_100);
    assertThat(RowsRead.of("dead_letter", database, sql -> read(sql))).isLessThan(10_100);
  }

  @Test
  void theServerGivesUpWithinASecond() throws Exception {
    outbox(0, 1);
    try (var locker = database.getConnection()) {
      locker.setAutoCommit(false);
      locker.createStatement().execute("lock table outbox in access exclusive mode");

      long began = System.nanoTime();
      assertThat(read().outbox()).isNaN();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      assertThat(
              jdbc.queryForObject(
                  """
                  select count(*) from pg_stat_activity
                  where datname = current_database() and backend_type = 'client backend' and state = 'active'
                    and pid <> pg_backend_pid()
                  """,
                  Integer.class))
          .isZero();
      locker.rollback();
    }
  }

  private static Waiting waiting(
      double outbox,
      double outboxAge,
      double outboxBulkAge,
      double mailsDue,
      double mailAge,
      double mails,
      double point,
      double coupon,
      double email) {
    return new Waiting(
        outbox,
        outboxAge,
        outboxBulkAge,
        mailsDue,
        mailAge,
        mails,
        0,
        Map.of("point-consumer", point, "coupon-consumer", coupon, "email-consumer", email));
  }

  private static Waiting read() {
    return read(jdbc);
  }

  private static Waiting read(JdbcTemplate sql) {
    return new Backlog(sql, TestConsumers.named(), Clock.fixed(NOW, ZoneOffset.UTC)).now();
  }

  private static void outbox(int lane, int records) {
    jdbc.update(
        """
        insert into outbox (lane, topic, payload, created_at)
        select ?, 'order.completed', 'x', ? from generate_series(1, ?)
        """,
        lane,
        NOW.minusSeconds(60).atOffset(ZoneOffset.UTC),
        records);
  }

  private static void mails(int mails, Instant due) {
    jdbc.update(
        """
        insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
          source_partition, source_offset)
        select gen_random_uuid(), 'CONFIRMATION', 'c-1', '{}', 'QUEUED', now(), ?, '', 0, 0 from generate_series(1, ?)
        """,
        due.atOffset(ZoneOffset.UTC),
        mails);
  }

  private static void letters(String consumer, int letters) {
    jdbc.update(
        """
        insert into dead_letter (consumer, topic, partition, "offset", error, failed_at)
        select ?, 'order.completed', 0, n, 'bad', now() from generate_series(1, ?) as n
        """,
        consumer,
        letters);
  }
}
