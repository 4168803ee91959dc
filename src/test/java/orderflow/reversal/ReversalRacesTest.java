package orderflow.reversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import orderflow.consumer.EventRecord;
import orderflow.consumer.ParsedRecord;
import orderflow.coupon.CouponRedeemer;
import orderflow.coupon.CouponRelease;
import orderflow.deadletter.Replay;
import orderflow.order.OrderIds;
import orderflow.order.PastOrders;
import orderflow.platform.security.Actor;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A cancellation against each of the three consumers and against a replay: before the effect, while
 * its transaction is open, and after it. All end in the same state. The events do not come over
 * Kafka, so that the test alone says when they come.
 */
@OrderflowTest
class ReversalRacesTest {

  @Autowired Reversals reversals;
  @Autowired PastOrders orders;
  @Autowired ProducerTemplate camel;
  @Autowired Replay replay;
  @Autowired CouponRedeemer redeemer;
  @Autowired CouponRelease release;
  @Autowired JdbcTemplate jdbc;
  @Autowired TransactionTemplate transaction;

  private final String customer = "c-" + UUID.randomUUID();
  private final String coupon = "C-" + UUID.randomUUID();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** When the cancellation comes. */
  enum Moment {
    BEFORE,
    WHILE,
    AFTER
  }

  /** Some of the orders lack effects, which the reconciler would find. */
  @AfterEach
  void forget() {
    threads.shutdownNow();
    for (String table : List.of("order_item", "reversal", "coupon_redemption")) {
      jdbc.update(
          "delete from "
              + table
              + " where order_id in (select id from orders where customer_id = ?)",
          customer);
    }
    jdbc.update("delete from orders where customer_id = ?", customer);
    jdbc.update("delete from coupon where code = ?", coupon);
  }

  @ParameterizedTest
  @EnumSource
  void againstThePointConsumer(Moment moment) throws Exception {
    UUID order = order();
    jdbc.update("insert into point_balance (customer_id, balance) values (?, 0)", customer);

    meet(
        moment,
        order,
        () -> handle("point-consumer", order),
        "select from point_balance where customer_id = '" + customer + "' for update",
        "%insert into point_balance%",
        "insert into point_entry%");

    assertCancelled(order);
    handleAll(order);
    assertCancelled(order);
  }

  @ParameterizedTest
  @EnumSource
  void againstTheCouponConsumer(Moment moment) throws Exception {
    UUID order = order();

    meet(
        moment,
        order,
        () -> handle("coupon-consumer", order),
        "select from coupon_redemption where order_id = '" + order + "' for update",
        "%update coupon_redemption set used_at%",
        // The coupon first, as the consumer does: whichever waits holds nothing that the other
        // needs.
        "select % from coupon where code = any%");

    assertCancelled(order);
    handleAll(order);
    assertCancelled(order);
  }

  /** The batch waits at its second mail, when it has written the first. */
  @ParameterizedTest
  @EnumSource
  void againstTheMailConsumer(Moment moment) throws Exception {
    UUID order = order();
    UUID second = order();

    meet(
        moment,
        order,
        () -> handle("email-consumer", order, second),
        mail(second, "FAILED"),
        "%queued_again%",
        "insert into mail%SUPPRESSED%");

    assertCancelled(order);
    handleAll(order);
    assertCancelled(order);
  }

  /** The mail that was given up on, which an operator's replay queues again. */
  @ParameterizedTest
  @EnumSource
  void againstAReplay(Moment moment) throws Exception {
    UUID order = order();
    jdbc.execute(mail(order, "FAILED"));
    jdbc.update(
        """
        insert into dead_letter (consumer, topic, partition, "offset", order_id, error, failed_at)
        values ('email-consumer', 'order.completed', 0, ?, ?, 'refused', now())
        """,
        order.getLeastSignificantBits() >>> 1,
        order);

    meet(
        moment,
        order,
        () -> replay.replay("email-consumer", event(order)),
        "select from mail where order_id = '" + order + "' for update",
        "%queued_again%",
        "%update mail set state = 'SUPPRESSED'%");

    assertCancelled(order);
    assertThat(
            jdbc.queryForList(
                "select state from dead_letter where order_id = ?", String.class, order))
        .as("is not to come any more")
        .containsExactly("DISCARDED");
    assertThat(replay.replay("email-consumer", event(order))).isTrue();
    handleAll(order);
    assertCancelled(order);
  }

  /** The order's event is published only now, or once more by the reconciler. */
  @Test
  void theEventOfACancelledOrderHasNoEffect() throws Exception {
    UUID order = order();
    cancel(order);

    for (int i = 0; i < 2; i++) {
      jdbc.update(
          "insert into outbox (topic, key, payload, subject, created_at) values ('order.completed',"
              + " ?, ?, ?, now())",
          customer.getBytes(StandardCharsets.UTF_8),
          orders.find(order).orElseThrow().json(),
          order);
    }
    UUID last = order();
    jdbc.update(
        "insert into outbox (topic, key, payload, subject, created_at) values ('order.completed',"
            + " ?, ?, ?, now())",
        customer.getBytes(StandardCharsets.UTF_8),
        orders.find(last).orElseThrow().json(),
        last);
    await()
        .until(
            () ->
                count("point_entry where order_id = ?", last) == 1
                    && count("coupon_redemption where used_at is not null and order_id = ?", last)
                        == 1
                    && count("mail where order_id = ?", last) == 1);

    assertThat(texts("select status from orders where id = ?", order)).containsExactly("CANCELLED");
    assertThat(
            count("point_entry where points <> 0 and order_id = ?", order)
                + count("mail where state <> 'SUPPRESSED' and order_id = ?", order))
        .isZero();
    assertThat(counts()).isEqualTo("0 1");
  }

  /** What a release does: it has the coupon, and goes on to the redemption. */
  @Test
  void aUseThatWaitsForItsCouponHoldsNoRedemption() throws Exception {
    UUID order = order();
    try (Connection other = RealServers.superuser().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select from coupon where code = '" + coupon + "' for no key update");
      Future<?> handled = threads.submit(() -> handle("coupon-consumer", order));
      awaitBlocked("%update coupon_redemption set used_at%");

      statement.execute("set local lock_timeout = '1s'");
      statement.execute(
          "select from coupon_redemption where order_id = '" + order + "' for update");

      other.rollback();
      handled.get(60, TimeUnit.SECONDS);
    }
    assertThat(counts()).isEqualTo("0 1");
  }

  /**
   * Uses and releases of many orders with one coupon, without the retries that would hide a
   * deadlock.
   */
  @Test
  void usesAndReleasesOfOneCouponNeverLockEachOther() throws Exception {
    List<UUID> all = IntStream.range(0, 160).mapToObj(i -> order()).toList();
    String use = CouponRedeemer.USE.replace(":?entries", "?").replace(":?topic", "?");
    List<Callable<Object>> work = new ArrayList<>();
    for (int from = 0; from < all.size(); from += 8) {
      List<UUID> batch = all.subList(from, from + 8);
      work.add(() -> jdbc.queryForList(use, rows(batch), "coupon.used"));
      for (UUID order : List.of(batch.get(0), batch.get(3), batch.get(7))) {
        work.add(
            () ->
                transaction.execute(
                    status ->
                        release.release(
                            order,
                            coupon,
                            false,
                            UUID.randomUUID(),
                            Instant.now(),
                            Instant.now())));
      }
    }
    ExecutorService six = Executors.newFixedThreadPool(6);
    try {
      for (Future<Object> one : six.invokeAll(work)) {
        one.get(); // throws what a victim of a deadlock gets
      }
    } finally {
      six.shutdownNow();
    }

    assertThat(counts()).isEqualTo("0 100");
    jdbc.update("delete from outbox where subject = any (?)", (Object) all.toArray(UUID[]::new));
  }

  private String rows(List<UUID> batch) {
    return redeemer.rows(
        batch.stream()
            .map(order -> new ParsedRecord<>(event(order), redeemer.read(event(order))))
            .toList());
  }

  /**
   * Lets a cancellation and an effect meet. {@code WHILE}: another session holds a lock that the
   * effect's transaction waits for; the cancellation comes, waits too, and then the lock is free.
   *
   * @param lock takes the lock
   * @param effectWaits what the effect's statement is like that waits
   * @param cancellationWaits the same of the cancellation's
   */
  private void meet(
      Moment moment,
      UUID order,
      Callable<?> effect,
      String lock,
      String effectWaits,
      String cancellationWaits)
      throws Exception {
    switch (moment) {
      case BEFORE -> {
        cancel(order);
        effect.call();
      }
      case AFTER -> {
        effect.call();
        cancel(order);
      }
      case WHILE -> {
        try (Connection other = RealServers.superuser().getConnection();
            Statement statement = other.createStatement()) {
          other.setAutoCommit(false);
          statement.execute(lock);
          Future<?> handled = threads.submit(effect);
          awaitBlocked(effectWaits);
          Future<?> cancelled = threads.submit(() -> cancel(order));
          awaitBlocked(cancellationWaits);
          other.rollback();
          handled.get(60, TimeUnit.SECONDS);
          cancelled.get(60, TimeUnit.SECONDS);
        }
      }
    }
  }

  private void awaitBlocked(String query) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                jdbc.queryForObject(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock' and query like ?
                        """,
                        Integer.class,
                        query)
                    == 1);
  }

  private void cancel(UUID order) {
    assertThat(
            reversals.reverse(
                order,
                ReversalRequest.cancel(ReversalRequest.Reason.CUSTOMER),
                new Reversals.Command("key-1", null, new Actor("test", "support", null), false)))
        .isInstanceOf(ReversalResult.Done.class);
  }

  private void handleAll(UUID order) {
    for (String consumer : List.of("point-consumer", "coupon-consumer", "email-consumer")) {
      handle(consumer, order);
    }
  }

  private Exchange handle(String consumer, UUID... batch) {
    List<EventRecord> records =
        IntStream.range(0, batch.length).mapToObj(i -> event(batch[i])).toList();
    Exchange handled =
        camel.send("direct:" + consumer, exchange -> exchange.getMessage().setBody(records));
    assertThat(handled.getException()).isNull();
    return handled;
  }

  private EventRecord event(UUID order) {
    return new EventRecord(
        "order.completed",
        0,
        order.getLeastSignificantBits() >>> 1,
        customer.getBytes(StandardCharsets.UTF_8),
        orders.find(order).orElseThrow().json(),
        Map.of());
  }

  /** No points, the coupon free, and no confirmation to come. */
  private void assertCancelled(UUID order) {
    assertThat(
            texts(
                "select status || ' ' || version || ' ' || refunded from orders where id = ?",
                order))
        .containsExactly("CANCELLED 2 70200");
    assertThat(
            jdbc.queryForObject(
                "select coalesce(sum(balance), 0) + coalesce(sum(debt), 0) from point_balance where"
                    + " customer_id = ?",
                Long.class,
                customer))
        .isZero();
    assertThat(
            jdbc.queryForObject(
                """
                select coalesce((select points from point_entry where order_id = ?), -1)
                  - coalesce((select sum(points) from point_reversal where order_id = ?), 0)
                """,
                Long.class,
                order,
                order))
        .isZero();
    assertThat(
            texts(
                "select (released_at is not null)::text from coupon_redemption where order_id = ?",
                order))
        .containsExactly("true");
    assertThat(
            count(
                "mail where kind = 'CONFIRMATION' and state in ('QUEUED', 'FAILED') and order_id ="
                    + " ?",
                order))
        .isZero();
    assertThat(count("mail where kind = 'ORDER_CANCELLED' and order_id = ?", order))
        .as("a confirmation that has gone out has a cancellation after it")
        .isGreaterThanOrEqualTo(
            count("mail where kind = 'CONFIRMATION' and state = 'SENT' and order_id = ?", order));
  }

  private String counts() {
    return jdbc.queryForObject(
        "select reserved || ' ' || used from coupon where code = ?", String.class, coupon);
  }

  private int count(String what, UUID order) {
    return jdbc.queryForObject("select count(*) from " + what, Integer.class, order);
  }

  private List<String> texts(String query, UUID order) {
    return jdbc.queryForList(query, String.class, order);
  }

  /** A mail of an order, which the consumer would write. */
  private String mail(UUID order, String state) {
    return """
    insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
      source_topic, source_partition, source_offset)
    values ('%s', 'CONFIRMATION', '%s', '{}', '%s', now(), now(), 'order.completed', 0, 0)
    """
        .formatted(order, customer, state);
  }

  /** An order as the intake writes it, whose event is not published. */
  private UUID order() {
    UUID id = OrderIds.at(Instant.now());
    jdbc.update(
        """
        insert into coupon (code, discount_type, discount_value, usage_limit, created_at)
        values (?, 'PERCENT', 10, 1000, now()) on conflict do nothing
        """,
        coupon);
    jdbc.update("update coupon set reserved = reserved + 1 where code = ?", coupon);
    jdbc.update(
        """
        insert into orders (id, customer_id, customer_email, customer_name, locale, currency,
          subtotal, discount, total, coupon_code, created_at)
        values (?, ?, ?, 'Minji', 'en', 'KRW', ?, ?, ?, ?, ?)
        """,
        id,
        customer,
        customer + "@example.com",
        new BigDecimal("78000"),
        new BigDecimal("7800"),
        new BigDecimal("70200"),
        coupon,
        Instant.now().atOffset(ZoneOffset.UTC));
    jdbc.update("insert into order_item values (?, 0, 'A', 'Shirt', 2, 39000)", id);
    jdbc.update(
        "insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at) values"
            + " (?, ?, ?, 7800, now())",
        id,
        coupon,
        customer);
    return id;
  }
}
