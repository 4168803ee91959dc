package orderflow.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import orderflow.OrderflowTest;
import orderflow.consumer.ConsumerProgress;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@OrderflowTest
class ReconcilerTest {

  private static final Instant LONG_AGO = Instant.now().minusSeconds(20 * 60);

  @Autowired Reconciler reconciler;
  @Autowired IncompleteOrders incomplete;
  @Autowired Outbox outbox;
  @Autowired orderflow.platform.lease.Instance instance;
  @Autowired ReconcileSettings settings;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired TestRestTemplate http;

  private final UUID order = OrderIds.at(LONG_AGO);

  @AfterEach
  void forget() {
    jdbc.sql("delete from orders where id = ?").param(order).update();
  }

  @Test
  void publishesTheEventOfAnOrderWithoutEffectsAgain() {
    insert("1000", "minji@example.com");
    jdbc.sql("update reconcile_progress set position = null").update();

    await()
        .untilAsserted(
            () -> {
              takeLeaseFromOtherContexts();
              reconciler.look();
              assertThat(reconciler.incomplete()).isEqualTo(1);
            });
    assertThat(ordersHealth()).isEqualTo("DEGRADED");
    assertThat(http.getForEntity("/readiness", String.class).getStatusCode().value())
        .isEqualTo(200);
    assertThat(http.getForObject("/actuator/prometheus", String.class))
        .contains("orderflow_orders_incomplete 1.0");

    await().until(() -> count("point_entry") == 1 && count("mail") == 1);
    await()
        .untilAsserted(
            () -> {
              reconciler.look();
              assertThat(reconciler.incomplete()).isZero();
            });
    assertThat(ordersHealth()).isEqualTo("UP");
    assertThat(count("point_entry")).isEqualTo(1);
  }

  /** They look no second time while tests run, but keep the lease. */
  private void takeLeaseFromOtherContexts() {
    jdbc.sql("delete from lease where name = ? and holder <> ?")
        .params(ReconcileProgress.LEASE, Objects.requireNonNull(instance.term()).id())
        .update();
  }

  private String ordersHealth() {
    return http.getForObject("/actuator/health", JsonNode.class)
        .at("/components/orders/status")
        .asText();
  }

  @Test
  void mendsAnOrderWhoseCouponsUseIsMissing() {
    insert("99", "");
    String coupon = "lost-" + order;
    jdbc.sql("update orders set coupon_code = ? where id = ?").params(coupon, order).update();
    jdbc.sql(
            """
            insert into coupon (code, discount_type, discount_value, usage_limit, reserved, created_at)
            values (?, 'PERCENT', 10, 1, 1, now())
            """)
        .param(coupon)
        .update();
    jdbc.sql("insert into coupon_redemption values (?, ?, 'c-lost', 1, now())")
        .params(order, coupon)
        .update();
    Reconciler own = own(() -> true);

    lookUntil(own, 1);
    await().until(() -> !isIncomplete());
    assertThat(
            jdbc.sql("select reserved = 0 and used = 1 from coupon where code = ?")
                .param(coupon)
                .query(Boolean.class)
                .single())
        .isTrue();
    lookUntil(own, 0);
  }

  @Test
  void missesNothingWhileOlderEventsWaitToBePublished() {
    insert("1000", "minji@example.com");
    Reconciler own = own(() -> true);

    transaction.executeWithoutResult(
        status -> {
          // Uncommitted, so that it waits: only this thread sees it.
          jdbc.sql("insert into outbox (topic, created_at) values ('order.completed', ?)")
              .param(LONG_AGO.minusSeconds(1).atOffset(ZoneOffset.UTC))
              .update();
          look(own, 4);
          status.setRollbackOnly();
        });
    assertThat(own.incomplete()).isZero();

    lookUntil(own, 1);
  }

  @Test
  void goesOnWhereTheLookBeforeARestartEnded() {
    insert("99", "");
    ReconcileProgress progress = progress();
    Reconciler before = own(() -> true, Clock.systemUTC(), progress);
    UUID end = lookUntilPast(next(), before, progress);

    IncompleteOrders watched = mock();
    when(watched.look(any(), any(), anyInt()))
        .thenReturn(new IncompleteOrders.Slice(List.of(), 0, null));
    Reconciler after = own(watched, progress);
    await()
        .untilAsserted(
            () -> {
              look(after, 1);
              verify(watched, atLeastOnce()).look(eq(end), any(), anyInt());
            });
  }

  @Test
  void looksNowhereWhileAnotherInstanceDoes() {
    ReconcileProgress progress = mock();
    when(progress.take()).thenReturn(Optional.empty());
    IncompleteOrders watched = mock();

    look(own(watched, progress), 3);

    verifyNoInteractions(watched);
  }

  @Test
  void whatWasPublishedAgainIsWaitedForAtTheEndOfALongOutbox() {
    OffsetDateTime limit = OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(10);
    transaction.executeWithoutResult(
        status -> {
          jdbc.sql("lock table outbox in exclusive mode").update();
          jdbc.sql("delete from outbox").update();
          long again =
              jdbc.sql(
                      """
                      insert into outbox (topic, created_at) values ('order.completed', now()) returning id
                      """)
                  .query(Long.class)
                  .single();
          assertThat(incomplete.areWaitingInOutbox(limit, 0)).isFalse();
          assertThat(incomplete.areWaitingInOutbox(limit, again)).isTrue();

          status.setRollbackOnly();
        });
  }

  private Reconciler own(IncompleteOrders watched, ReconcileProgress progress) {
    try {
      ConsumerProgress consumers = mock();
      when(consumers.hasReached(any())).thenReturn(true);
      return new Reconciler(
          watched,
          progress,
          consumers,
          outbox,
          settings,
          Clock.systemUTC(),
          new SimpleMeterRegistry());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEffectWhoseDeadLetterWasDiscardedAndForgottenIsNotMissed() {
    insert("1000", "");
    assertThat(isIncomplete()).isTrue();
    jdbc.sql("insert into discarded_effect values (?, 'point-consumer')").param(order).update();

    assertThat(isIncomplete()).isFalse();
  }

  @Test
  void missesNothingWhileTheConsumersAreBehind() {
    insert("1000", "minji@example.com");
    AtomicBoolean reached = new AtomicBoolean();
    Reconciler own = own(reached::get);

    look(own, 4);
    assertThat(own.incomplete()).isZero();
    reached.set(true);

    lookUntil(own, 1);
  }

  /** One that is told how far the consumers are. */
  private Reconciler own(BooleanSupplier reached) {
    return own(reached, Clock.systemUTC(), progress());
  }

  /** Kept for the test alone. */
  private static ReconcileProgress progress() {
    AtomicReference<ReconcileProgress.Position> kept =
        new AtomicReference<>(new ReconcileProgress.Position(null, 0));
    ReconcileProgress progress = mock();
    when(progress.take()).thenAnswer(asked -> Optional.of(kept.get()));
    doAnswer(
            save -> {
              kept.set(new ReconcileProgress.Position(save.getArgument(0), save.getArgument(1)));
              return null;
            })
        .when(progress)
        .save(any(), anyLong());
    return progress;
  }

  private Reconciler own(BooleanSupplier reached, Clock clock, ReconcileProgress progress) {
    try {
      ConsumerProgress consumers = mock();
      when(consumers.hasReached(any())).thenAnswer(asked -> reached.getAsBoolean());
      return new Reconciler(
          incomplete, progress, consumers, outbox, settings, clock, new SimpleMeterRegistry());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Other tests' records in the outbox may put off what it notes as due. */
  private static void lookUntil(Reconciler own, int incomplete) {
    await()
        .untilAsserted(
            () -> {
              look(own, 1);
              assertThat(own.incomplete()).isEqualTo(incomplete);
            });
  }

  /** Looks until what was looked at ends behind an order, and returns where. */
  private static UUID lookUntilPast(UUID order, Reconciler own, ReconcileProgress progress) {
    return await()
        .until(
            () -> {
              look(own, 1);
              return progress.take().orElseThrow().position();
            },
            position -> position != null && position.compareTo(order) >= 0);
  }

  private static void look(Reconciler own, int times) {
    try {
      for (int i = 0; i < times; i++) {
        own.look();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void missesNoEffectThatWasGivenUpOn() {
    insert("1000", "minji@example.com");
    assertThat(isIncomplete()).isTrue();

    deadLetter("point-consumer", "WAITING");
    assertThat(isIncomplete()).as("its mail is still missing").isTrue();
    deadLetter("email-consumer", "DISCARDED");

    assertThat(isIncomplete()).isFalse();
    jdbc.sql("update dead_letter set partition = -1 where order_id = ?").param(order).update();
    assertThat(isIncomplete()).as("the mail about a return was given up on").isTrue();
  }

  @Test
  void aCancelledOrderIsOwedNothing() {
    insert("1000", "minji@example.com");
    assertThat(isIncomplete()).isTrue();

    jdbc.sql("update orders set status = 'CANCELLED' where id = ?").param(order).update();

    assertThat(isIncomplete()).isFalse();
  }

  @Test
  void missesNothingWhereThereIsNothingToCome() {
    insert("99", "");

    assertThat(isIncomplete()).isFalse();
  }

  @Test
  void looksThroughARangeInSlices() {
    insert("1000", "minji@example.com");

    assertThat(incomplete.look(order, next(), 1).last()).isEqualTo(order);
    assertThat(incomplete.look(next(), OrderIds.least(LONG_AGO.toEpochMilli() + 1), 1).last())
        .isNull();
  }

  @Test
  void aClockThatIsPutBackHidesNoOrder() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plusSeconds(3_600));
    Clock clock = mock();
    when(clock.instant()).thenAnswer(asked -> now.get());
    ReconcileProgress progress = progress();
    Reconciler own = own(() -> true, clock, progress);
    UUID ofTheFuture = OrderIds.at(now.get().minusSeconds(1_200));
    insert(ofTheFuture, "99", "");
    try {
      lookUntilPast(ofTheFuture, own, progress);
      Instant due = LONG_AGO.plus(settings.minAge());
      now.set(due.minusSeconds(1));
      own.look();

      insert("1000", "minji@example.com");
      now.set(due.plusSeconds(1));
      lookUntil(own, 1);
    } finally {
      jdbc.sql("delete from orders where id = ?").param(ofTheFuture).update();
    }
  }

  private boolean isIncomplete() {
    return incomplete.look(order, next(), 10).incomplete().contains(order);
  }

  private UUID next() {
    return new UUID(order.getMostSignificantBits(), order.getLeastSignificantBits() + 1);
  }

  private void insert(String total, String email) {
    insert(order, total, email);
  }

  private void insert(UUID order, String total, String email) {
    BigDecimal amount = new BigDecimal(total);
    jdbc.sql(
            """
            insert into orders (id, customer_id, customer_email, customer_name, locale, currency,
              subtotal, discount, total, created_at)
            values (?, 'c-lost', ?, 'Minji', 'en', 'KRW', ?, 0, ?, ?)
            """)
        .params(order, email, amount, amount, LONG_AGO.atOffset(ZoneOffset.UTC))
        .update();
    jdbc.sql("insert into order_item values (?, 0, 'A', 'Shirt', 1, ?)")
        .params(order, amount)
        .update();
  }

  private void deadLetter(String consumer, String state) {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", order_id, error, failed_at, state)
            values (?, ?, 0, 0, ?, 'bad', now(), ?)
            """)
        .params(consumer, "of-" + order, order, state)
        .update();
  }

  private int count(String table) {
    return jdbc.sql("select count(*) from " + table + " where order_id = ?")
        .param(order)
        .query(Integer.class)
        .single();
  }
}
