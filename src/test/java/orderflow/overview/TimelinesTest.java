package orderflow.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.mail.MailHindrance;
import orderflow.mail.MailServerHealth;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.outbox.StuckTopic;
import orderflow.overview.OrderTimeline.Act;
import orderflow.overview.OrderTimeline.Event;
import orderflow.overview.OrderTimeline.Kind;
import orderflow.overview.OrderTimeline.Standing;
import orderflow.point.EarnRate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TimelinesTest {

  private static final Instant PLACED = Instant.parse("2026-11-29T08:00:00Z");

  private static DataSource database;

  private final Outbox outbox = mock();
  private final MailServerHealth mailServer = mock();
  private final UUID order = OrderIds.at(PLACED);
  private JdbcClient jdbc;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("timelines");
  }

  @BeforeEach
  void placeAnOrder() {
    jdbc = JdbcClient.create(database);
    when(outbox.stuck()).thenReturn(List.of());
    when(mailServer.hindrance()).thenReturn(Optional.empty());
    sql(
        """
        insert into orders (id, reference, customer_id, customer_email, customer_name, locale, currency, subtotal,
          discount, total, coupon_code, created_at)
        values (:order, gen_random_uuid()::text, 'c-1', 'minji@example.com', 'Minji', 'en', 'KRW', 78000, 0, 78000,
          'CODE 1', '2026-11-29T08:00:00Z')
        """);
    sql("insert into order_item values (:order, 0, 'A', 'Shirt', 2, 39000)");
    sql(
        "insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at)"
            + " values (:order, 'CODE 1', 'c-1', 0, '2026-11-29T08:00:00Z')");
  }

  @Test
  void anEventThatIsPublishedWaitsForTheConsumersAndNoPersonMustAct() {
    OrderTimeline timeline = timeline();

    assertThat(kinds(timeline)).containsExactly(Kind.PLACED, Kind.COUPON_RESERVED);
    assertThat(timeline.events().get(0).text())
        .isEqualTo("The order was placed, under its sender's reference: 78000 KRW in all.");
    assertThat(timeline.events().get(1).ref()).isEqualTo("/api/coupons/CODE%201");
    assertThat(timeline.effects().points())
        .isEqualTo(
            new Standing(
                Effects.Status.PENDING,
                "The points are not booked yet: point-consumer has not handled the order's event"
                    + " yet.",
                Act.WAIT));
    assertThat(timeline.effects().coupon().act()).isEqualTo(Act.WAIT);
    assertThat(timeline.effects().email().why()).contains("email-consumer has not handled");
  }

  @Test
  void anEventInTheOutboxIsFoundAmongManyAndKafkasFaultIsNamed() {
    sql(
        """
        insert into outbox (topic, lane, subject, created_at)
        select 'order.completed', n % 2, case when n = 30000 then :order else gen_random_uuid() end,
          timestamptz '2026-11-29T08:00:00Z' + (n - 30000) * interval '1 s'
        from generate_series(1, 60000) as n
        """);
    assertThat(timeline().effects().points().why())
        .isEqualTo(
            "The points are not booked yet: the order's event waits in the outbox since"
                + " 2026-11-29T08:00:00Z to be published.");
    when(outbox.stuck())
        .thenReturn(
            List.of(
                new StuckTopic("order.completed", PLACED.plusSeconds(60), "no answer from it")));
    OrderTimeline timeline = timeline();

    assertThat(kinds(timeline))
        .containsExactly(Kind.PLACED, Kind.COUPON_RESERVED, Kind.EVENT_WAITING);
    assertThat(timeline.effects().coupon().why())
        .endsWith(
            "as Kafka takes no records of order.completed since 2026-11-29T08:01:00Z (no answer"
                + " from it).");
    assertThat(timeline.effects().coupon().act()).isEqualTo(Act.WAIT);
    long read =
        RowsRead.of(
            "outbox",
            database,
            connection ->
                new Timelines(JdbcClient.create(connection), orders(), outbox, mailServer)
                    .find(order));
    assertThat(read).isLessThan(45_000);
    sql("delete from outbox");
  }

  @Test
  void aDeadLetterIsForAPersonUnlessItsReplayIsDueOrItWasDiscarded() {
    sql(
        """
        insert into dead_letter (consumer, topic, partition, "offset", order_id, customer_id, error, failed_at)
        values ('point-consumer', 'order.completed', 0, -nextval(pg_get_serial_sequence('dead_letter', 'id')),
          :order, 'c-1', 'coupon SECRET does not exist', '2026-11-29T08:00:05Z')
        """);
    Standing points = timeline().effects().points();
    assertThat(points.act()).isEqualTo(Act.PERSON);
    assertThat(points.why())
        .contains("point-consumer gave up at 2026-11-29T08:00:05Z: coupon … does not exist")
        .contains("see /api/dead-letters/")
        .doesNotContain("SECRET");

    String id =
        jdbc.sql("select id::text from dead_letter where order_id = ?")
            .param(order)
            .query(String.class)
            .single();
    sql("update dead_letter set replay_due_at = now() where order_id = :order");
    action("REPLAY_DEAD_LETTER", "DEAD_LETTER", id, "2026-11-29T08:01:00Z");
    assertThat(timeline().effects().points().act()).isEqualTo(Act.WAIT);

    sql(
        "update dead_letter set state = 'DISCARDED', replay_due_at = null,"
            + " settled_at = '2026-11-29T08:02:00Z' where order_id = :order");
    action("DISCARD_DEAD_LETTER", "DEAD_LETTER", id, "2026-11-29T08:02:00Z");
    OrderTimeline timeline = timeline();
    assertThat(timeline.effects().points().act()).isEqualTo(Act.NONE);
    assertThat(timeline.effects().points().status()).isEqualTo(Effects.Status.FAILED);
    assertThat(kinds(timeline))
        .endsWith(Kind.DEAD_LETTER, Kind.REPLAY_REQUESTED, Kind.DEAD_LETTER_DISCARDED);
    assertThat(timeline.events())
        .extracting(Event::by)
        .endsWith("point-consumer", "minsu", "minsu");
  }

  @Test
  void aQueuedMailSaysWhatTheMailServerSaidAndARefusedAccountIsForAPerson() {
    sql(
        """
        insert into mail (order_id, kind, customer_id, event, state, attempts, queued_at, next_attempt_at, error,
          source_topic, source_partition, source_offset)
        values (:order, 'CONFIRMATION', 'c-1', '{}', 'QUEUED', 2, '2026-11-29T08:00:01Z', '2026-11-29T08:05:00Z',
          '452 <minji@example.com> mailbox full', 'order.completed', 0, 0)
        """);
    OrderTimeline timeline = timeline();
    assertThat(timeline.effects().email())
        .isEqualTo(
            new Standing(
                Effects.Status.PENDING,
                "The confirmation waits since 2026-11-29T08:00:01Z: the mail server did not take"
                    + " it (452 <***@***> mailbox full); it is tried again at"
                    + " 2026-11-29T08:05:00Z.",
                Act.WAIT));
    assertThat(kinds(timeline)).endsWith(Kind.MAIL_QUEUED, Kind.MAIL_DUE);
    assertThat(timeline.events().toString()).doesNotContain("minji");

    when(mailServer.hindrance())
        .thenReturn(
            Optional.of(
                new MailHindrance(true, Instant.parse("2026-11-29T09:01:00Z"), "535 bad login")));
    assertThat(timeline().effects().email().why())
        .isEqualTo(
            "The confirmation waits since 2026-11-29T08:00:01Z: the mail server refuses our"
                + " account since 2026-11-29T09:01:00Z (535 bad login).");
    assertThat(timeline().effects().email().act()).isEqualTo(Act.PERSON);
    when(mailServer.hindrance()).thenReturn(Optional.of(new MailHindrance(false, PLACED, null)));
    assertThat(timeline().effects().email().act()).isEqualTo(Act.WAIT);
  }

  @Test
  void anOrderThatEarnsNothingHasNoCouponAndNoAddressSaysSo() {
    sql(
        "update orders set coupon_code = null, customer_email = '', subtotal = 50, total = 50"
            + " where id = :order");

    assertThat(timeline().effects())
        .isEqualTo(
            new OrderTimeline.Standings(
                none("The order earns no points: too little was paid for its goods."),
                none("The order has no coupon."),
                none("No confirmation is sent, since there is no address to send it to.")));
    assertThat(timelines().find(UUID.randomUUID())).isEmpty();
  }

  private static Standing none(String why) {
    return new Standing(Effects.Status.NONE, why, Act.NONE);
  }

  private static List<Kind> kinds(OrderTimeline timeline) {
    return timeline.events().stream().map(Event::kind).toList();
  }

  private OrderTimeline timeline() {
    return timelines().find(order).orElseThrow();
  }

  private Timelines timelines() {
    return new Timelines(jdbc, orders(), outbox, mailServer);
  }

  private Orders orders() {
    return new Orders(jdbc, new EarnRate(new BigDecimal("0.01")));
  }

  private void action(String action, String kind, String id, String at) {
    jdbc.sql(
            "insert into operator_action (at, actor, role, action, target_kind, target_id)"
                + " values (?, 'minsu', 'operator', ?, ?, ?)")
        .params(Instant.parse(at).atOffset(ZoneOffset.UTC), action, kind, id)
        .update();
  }

  private void sql(String statement) {
    jdbc.sql(statement).param("order", order).update();
  }
}
