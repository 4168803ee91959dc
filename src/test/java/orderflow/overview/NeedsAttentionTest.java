package orderflow.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.mail.MailHindrance;
import orderflow.mail.MailServerHealth;
import orderflow.metrics.Backlog;
import orderflow.outbox.Outbox;
import orderflow.outbox.StuckTopic;
import orderflow.overview.NeedsAttention.Item;
import orderflow.overview.NeedsAttention.Kind;
import orderflow.platform.jdbc.DatabaseHealth;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;

class NeedsAttentionTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static DataSource database;

  private final DeadLetterSummary deadLetters = mock();
  private final Backlog backlog = mock();
  private final Outbox outbox = mock();
  private final MailServerHealth mailServer = mock();
  private final DatabaseHealth health = mock();
  private final HealthIndicator orders = mock();
  private final HealthIndicator ownConsumers = mock();
  private JdbcClient jdbc;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("attention");
  }

  @BeforeEach
  void allIsWell() {
    jdbc = JdbcClient.create(database);
    jdbc.sql("truncate reversal, import, outbox").update();
    when(deadLetters.groups()).thenReturn(List.of());
    when(outbox.stuck()).thenReturn(List.of());
    when(mailServer.hindrance()).thenReturn(Optional.empty());
    when(health.readOnlySince()).thenReturn(Optional.empty());
    waiting(0, 0, 0, 0);
    when(orders.health()).thenReturn(Health.up().withDetail("incomplete", 0L).build());
    when(ownConsumers.health()).thenReturn(Health.up().withDetail("broken", List.of()).build());
  }

  @Test
  void nothingIsListedWhenAllIsWell() {
    refund("DUE", NOW.minus(Duration.ofHours(23)));
    refund("SETTLED", NOW.minus(Duration.ofDays(9)));
    file("DONE", 0, NOW);
    file("FAILED", 0, NOW.minus(Duration.ofHours(25)));
    file("IGNORED", 0, NOW);
    waiting(5, 299, 5, 299);

    assertThat(items()).isEmpty();
  }

  @Test
  void everyKindIsListedWithItsCountItsBeginningAndALink() {
    Instant before = NOW.minus(Duration.ofHours(25));
    refund("DUE", before);
    refund("FAILED", NOW.minusSeconds(5));
    file("FAILED", 0, NOW.minusSeconds(60));
    file("DONE", 12, NOW.minusSeconds(30));
    waiting(40, 600, 7, 600);
    jdbc.sql(
            "insert into outbox (topic, created_at) select 'point.earned', now() from"
                + " generate_series(1, 3)")
        .update();
    when(outbox.stuck())
        .thenReturn(List.of(new StuckTopic("point.earned", before, "no answer from the broker")));
    when(mailServer.hindrance())
        .thenReturn(Optional.of(new MailHindrance(true, before, "535 no <a@b.example>")));
    when(health.readOnlySince()).thenReturn(Optional.of(before));
    when(deadLetters.groups())
        .thenReturn(
            List.of(
                new DeadLetterSummary.Group(
                    "point-consumer", "total is negative", 23_456, true, before, NOW)));

    assertThat(items())
        .containsExactly(
            new Item(
                Kind.DATABASE_READ_ONLY,
                1,
                before,
                "The database is read-only; orders are answered 503 until it takes writes.",
                "/actuator/health/readiness"),
            new Item(
                Kind.OUTBOX_STUCK,
                3,
                before,
                "Kafka takes no records of point.earned, and 3 wait: no answer from the broker.",
                "/actuator/health"),
            new Item(
                Kind.MAIL_SERVER_REFUSES,
                7,
                before,
                "The mail server refuses our account, and 7 mails wait: 535 no <***@***>.",
                "/actuator/health"),
            new Item(
                Kind.DEAD_LETTERS,
                23_456,
                before,
                "point-consumer gave up on about 23000 records, which wait to be replayed or"
                    + " discarded: total is negative.",
                "/api/dead-letters?consumer=point-consumer&state=WAITING"),
            new Item(
                Kind.REFUNDS_FAILED,
                1,
                NOW.minusSeconds(5),
                "1 refund failed and must be paid again.",
                "/api/reversals?refundState=FAILED"),
            new Item(
                Kind.REFUNDS_OVERDUE,
                1,
                before,
                "1 refund has been due for more than 24 h.",
                "/api/reversals?refundState=DUE"),
            new Item(
                Kind.IMPORTS_FAILED,
                1,
                NOW.minusSeconds(60),
                "1 file could not be read to the end.",
                "/api/imports"),
            new Item(
                Kind.IMPORTS_REJECTED,
                1,
                NOW.minusSeconds(30),
                "12 entries of 1 file had faults; the rejected rows stand beside their file with"
                    + " what is wrong.",
                "/api/imports"));
  }

  @Test
  void whatTheHealthCountsIsListedSinceItWasFirstSeen() {
    when(orders.health()).thenReturn(Health.up().withDetail("incomplete", 3L).build());
    when(ownConsumers.health())
        .thenReturn(Health.up().withDetail("broken", List.of("a.camel.yaml")).build());

    assertThat(items())
        .extracting(Item::kind, Item::count, Item::since)
        .containsExactly(
            tuple(Kind.ORDERS_INCOMPLETE, 3L, NOW), tuple(Kind.CONSUMERS_BROKEN, 1L, NOW));
    assertThat(items().get(1).text())
        .isEqualTo("1 file of an own consumer can't be used; the log of the start says why.");
  }

  @Test
  void whatWaitsForTooLongIsListedThoughThisInstanceKnowsNoCause() {
    waiting(40, 600, 7, 301);

    assertThat(items())
        .extracting(Item::kind)
        .containsExactly(Kind.OUTBOX_OVERDUE, Kind.MAILS_OVERDUE);
    assertThat(items().get(0).since()).isEqualTo(NOW.minusSeconds(600));
    assertThat(items().get(0).text())
        .isEqualTo("The first of 40 events has waited for Kafka for 10 min.");
  }

  @Test
  void manyRefundsAreEstimatedByReadingSomeOfThem() {
    jdbc.sql(
            """
            insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency, refund,
              refund_state, plan, actor, created_at)
            select (lpad(to_hex(1764000000000 + n * 1000), 12, '0') || '70008000000000000000')::uuid, gen_random_uuid(), 2,
              'CANCEL', 'r', '', 'c', 'KRW', 1, 'DUE', '{}', 'a', to_timestamp(1764000000 + n)
            from generate_series(1, 30000) as n
            """)
        .update();

    assertThat(items()).hasSize(1);
    assertThat(items().get(0).count()).isGreaterThan(10_000);
    long read =
        RowsRead.of(
            "reversal", database, connection -> attention(JdbcClient.create(connection)).items());
    assertThat(read).isLessThan(10_100);
  }

  private List<Item> items() {
    return attention(jdbc).items();
  }

  private NeedsAttention attention(JdbcClient client) {
    return new NeedsAttention(
        client,
        deadLetters,
        backlog,
        outbox,
        mailServer,
        health,
        orders,
        ownConsumers,
        new AttentionSettings(Duration.ofHours(24), Duration.ofHours(24), Duration.ofMinutes(5)),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void waiting(double outboxRows, double outboxAge, double mails, double mailAge) {
    when(backlog.now())
        .thenReturn(
            new Backlog.Waiting(outboxRows, outboxAge, 0, mails, mailAge, mails, 0, Map.of()));
  }

  private void refund(String state, Instant at) {
    jdbc.sql(
            """
            insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency, refund,
              refund_state, plan, actor, created_at)
            values (?, gen_random_uuid(), 2, 'CANCEL', 'r', '', 'c', 'KRW', 1, ?, '{}', 'a', ?)
            """)
        .params(orderflow.order.OrderIds.at(at), state, at.atOffset(ZoneOffset.UTC))
        .update();
  }

  private void file(String state, int rejected, Instant ended) {
    jdbc.sql(
            """
            insert into import (file, size, modified, state, rejected, left_inbox, started_at, finished_at)
            values ('a.csv', 1, now(), ?, ?, true, now(), ?)
            """)
        .params(state, rejected, ended.atOffset(ZoneOffset.UTC))
        .update();
  }
}
