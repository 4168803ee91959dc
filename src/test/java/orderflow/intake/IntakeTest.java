package orderflow.intake;

import static orderflow.intake.NewOrders.full;
import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import orderflow.OrderflowTest;
import orderflow.coupon.CouponRefusal;
import orderflow.coupon.Coupons;
import orderflow.intake.PlacementResult.CouponNotRedeemable;
import orderflow.intake.PlacementResult.Placed;
import orderflow.intake.PlacementResult.ReferenceReused;
import orderflow.intake.PlacementResult.Replayed;
import orderflow.order.Components;
import orderflow.order.NewOrder;
import orderflow.order.OrderCompleted;
import orderflow.order.PastOrders;
import orderflow.outbox.Outbox;
import orderflow.outbox.Priority;
import orderflow.overview.OrderView;
import orderflow.overview.Orders;
import orderflow.platform.trace.Traces;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OrderflowTest
class IntakeTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Autowired Intake intake;
  @Autowired GroupCommit groupCommit;
  @Autowired PastOrders pastOrders;
  @Autowired Orders orders;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired OrderWriter writer;
  @Autowired Coupons coupons;
  @Autowired Outbox outbox;
  @Autowired PlacementCounts counts;

  /** Tells this test's customers, coupons and references from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void savesOrdersWithTheirItems() {
    List<PlacementResult> placements =
        place(List.of(order(run, null, null), order(run, null, null)));

    assertThat(placements).hasOnlyElementsOfType(Placed.class);
    assertThat(count("select count(*) from orders where customer_id = ?", run)).isEqualTo(2);
    assertThat(items()).isEqualTo(4);
  }

  private int items() {
    return count(
        "select count(*) from order_item join orders on id = order_id where customer_id = ?", run);
  }

  @Test
  void ordersWithoutACouponAreOneStatementAndNoTransactionAroundIt() {
    PlatformTransactionManager transactions = mock();
    Intake alone =
        new Intake(
            writer, coupons, outbox, transactions, counts, new Traces(null), Clock.systemUTC());

    List<PlacementResult> placements =
        alone.place(
            Door.HTTP,
            List.of(order(run, null, run), order(run, null, null)),
            Priority.LIVE,
            false);

    verifyNoInteractions(transactions);
    assertThat(placements).hasOnlyElementsOfType(Placed.class);
    assertThat(count("select count(*) from orders where customer_id = ?", run)).isEqualTo(2);
  }

  @Test
  void oneKnownReferenceLeavesTheOthersOfItsBatchToBePlaced() {
    place(List.of(order(run, null, run)));

    List<PlacementResult> placements =
        place(List.of(order(run, null, run + "-new"), order(run, null, run)));

    assertThat(placements.get(0)).isInstanceOf(Placed.class);
    assertThat(placements.get(1)).isInstanceOf(Replayed.class);
    assertThat(count("select count(*) from orders where customer_id = ?", run)).isEqualTo(2);
    assertThat(items()).isEqualTo(4);
  }

  @Test
  void anOrderThatTookACouponsLastUseIsAnsweredAgainAndNotRefused() {
    coupon(1, null);
    NewOrder last = order(run, run, run);
    place(List.of(last));

    assertThat(place(List.of(last)).get(0)).isInstanceOf(Replayed.class);
    assertThat(place(List.of(order(run, run, run + "-new"))).get(0))
        .isInstanceOf(CouponNotRedeemable.class);
    assertThat(count("select reserved + used from coupon where code = ?", run)).isEqualTo(1);
  }

  @Test
  void writesManyOrdersAtOnceAsItWritesOne() {
    coupon(1_000, null);
    List<NewOrder> many =
        IntStream.range(0, OrderWriter.MANY)
            .mapToObj(
                i ->
                    i % 10 == 0
                        ? full(run, run, run + i)
                        : order(run, i % 2 == 0 ? run : null, i % 3 == 0 ? run + i : null))
            .map(order -> order.asRequested(order.reference(), TRACE))
            .toList();

    // Rolled back, so that nobody takes the events from the outbox meanwhile.
    transaction.executeWithoutResult(
        status -> {
          status.setRollbackOnly();
          intake.place(Door.HTTP, many, Priority.BULK, false);
          many.forEach(
              order ->
                  intake.place(
                      Door.HTTP,
                      List.of(
                          order.asRequested(
                              order.reference() == null ? null : order.reference() + "-alone",
                              TRACE)),
                      Priority.BULK,
                      false));

          for (String rows :
              List.of(
                  """
                  select customer_id, customer_email, customer_name, locale, currency, subtotal, discount, total,
                    coupon_code, length(fingerprint), discounts, charges, own_number, made_number is null,
                    is_known_by_reference
                  from orders
                  where customer_id = ? and date_trunc('milliseconds', created_at) = created_at
                  """,
                  """
                  select position, sku, name, quantity, unit_price from order_item join orders on id = order_id
                  where customer_id = ?
                  """,
                  """
                  select code, redemption.customer_id, redemption.discount, used_at from coupon_redemption as redemption
                  join orders on orders.id = order_id and reserved_at = created_at where redemption.customer_id = ?
                  """,
                  """
                  select lane, topic, headers, convert_from(payload, 'UTF8')::jsonb - 'orderId' - 'orderNumber' - 'completedAt'
                  from outbox join orders on orders.id = subject and outbox.created_at = orders.created_at
                  where convert_from(outbox.key, 'UTF8') = ?
                  """)) {
            assertThat(
                    jdbc.sql(
                            "select rows.*::text, count(*) as times from ("
                                + rows
                                + ") as rows group by 1")
                        .param(run)
                        .query()
                        .listOfRows())
                .as(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat((Long) row.get("times")).isEven());
          }
          assertThat(count("select count(*) from orders where customer_id = ?", run))
              .isEqualTo(200);
          assertThat(count("select reserved from coupon where code = ?", run)).isEqualTo(100);
        });
  }

  @Test
  void storesAndPublishesEverythingThatAnOrderHas() {
    coupon(1_000, null);
    List<NewOrder> many =
        IntStream.range(0, OrderWriter.MANY)
            .mapToObj(i -> NewOrders.full(run, run, run + i))
            .toList();
    List<NewOrder> one = List.of(NewOrders.full(run, run, run));

    assertThat(Components.absentIn(one.get(0))).as("what the order of this test lacks").isEmpty();
    assertThat(Components.names(OrderCompleted.class))
        .as("what is published, beside what belongs to the request alone")
        .containsAll(without(Components.names(NewOrder.class), "reference", "traceParent"));
    // Rolled back, so that nobody takes the events from the outbox meanwhile.
    transaction.executeWithoutResult(
        status -> {
          status.setRollbackOnly();
          for (List<NewOrder> batch : List.of(one, many)) {
            NewOrder asked = batch.get(batch.size() - 1);
            Placed placed = (Placed) place(batch).get(batch.size() - 1);
            OrderCompleted stored = pastOrders.find(placed.order().orderId()).orElseThrow();

            assertThat(stored.customer()).isEqualTo(asked.customer());
            assertThat(stored.items()).isEqualTo(asked.items());
            assertThat(new String(stored.json(), StandardCharsets.UTF_8))
                .isEqualTo(payload(stored.orderId()));
            assertThat(orders.find(stored.orderId()))
                .hasValueSatisfying(
                    shown -> {
                      assertThat(shown.order()).isEqualTo(placed.order());
                      assertThat(shown.items())
                          .extracting(OrderView.ItemView::item)
                          .isEqualTo(asked.items());
                    });
          }
        });
  }

  @Test
  void manyOrdersOneOfWhichIsPlacedElsewhereMeanwhileArePlacedAtTheNextAttempt() {
    List<NewOrder> many =
        IntStream.range(0, OrderWriter.MANY).mapToObj(i -> order(run, null, run + i)).toList();

    assertThat(heldUpByAnotherOrderOfAReference(many, () -> {}))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withCauseInstanceOf(ConcurrencyFailureException.class);
    assertThat(place(many))
        .hasOnlyElementsOfTypes(Placed.class, Replayed.class)
        .filteredOn(Replayed.class::isInstance)
        .hasSize(1);
    assertThat(count("select count(*) from orders where customer_id = ?", run)).isEqualTo(100);
  }

  @Test
  void takesATwinInTheSameBatchForTheSameOrder() {
    List<PlacementResult> placements =
        place(
            List.of(
                order(run, null, run),
                order(run, null, run),
                order(run + "x", null, run),
                order(run, null, run)));

    Placed placed = (Placed) placements.get(0);
    assertThat(placements.subList(1, 4))
        .containsExactly(
            new Replayed(placed.order()), new ReferenceReused(run), new Replayed(placed.order()));
    assertThat(count("select count(*) from orders where reference = ?", run)).isEqualTo(1);
  }

  @Test
  void anErasedCustomersOrderIsTheSameWhateverComesUnderItsReference() {
    Placed placed = (Placed) place(List.of(order(run, null, run))).get(0);
    jdbc.sql(
            "update orders set customer_name = '', customer_email = '', fingerprint = '' where id ="
                + " ?")
        .param(placed.order().orderId())
        .update();

    assertThat(place(List.of(order(run, null, run), order(run + "x", null, run))))
        .containsExactly(new Replayed(placed.order()), new Replayed(placed.order()));
  }

  @Test
  void leavesTheReferenceOfARefusedOrderFree() {
    assertThat(place(List.of(order(run, run, run))))
        .containsExactly(new CouponNotRedeemable(run, CouponRefusal.UNKNOWN));
    coupon(1, null);
    assertThat(place(List.of(order(run, run, run)))).hasOnlyElementsOfType(Placed.class);
  }

  @Test
  void givesTheFirstAnswerAgainWhereTheCouponIsExhaustedByIt() {
    coupon(1, null);
    Placed placed = (Placed) place(List.of(order(run, run, run))).get(0);

    assertThat(place(List.of(order(run, run, run)))).containsExactly(new Replayed(placed.order()));
    assertThat(place(List.of(order(run, run, null))))
        .containsExactly(new CouponNotRedeemable(run, CouponRefusal.EXHAUSTED));
  }

  @Test
  void simultaneousOrdersNeverExceedACouponsUses() {
    coupon(10, null);

    List<PlacementResult> placements =
        atOnce(100, i -> () -> place(List.of(order(run + i, run, null))).get(0));

    assertThat(placements).filteredOn(Placed.class::isInstance).hasSize(10);
    assertThat(placements).filteredOn(CouponNotRedeemable.class::isInstance).hasSize(90);
  }

  @Test
  void simultaneousOrdersNeverExceedACustomersShare() {
    coupon(100, 3);

    List<PlacementResult> placements =
        atOnce(20, i -> () -> groupCommit.place(order(run, run, null)));

    assertThat(placements).filteredOn(Placed.class::isInstance).hasSize(3);
    assertThat(placements).contains(new CouponNotRedeemable(run, CouponRefusal.CUSTOMER_LIMIT));
  }

  @Test
  void largeBatchesAtOnceNeverExceedACouponsUses() {
    coupon(1_000, null);

    List<PlacementResult> placements = hundredsAtOnce(12);

    assertThat(placements).filteredOn(Placed.class::isInstance).hasSize(1_000);
    assertThat(count("select reserved + used from coupon where code = ?", run)).isEqualTo(1_000);
  }

  @Test
  void largeBatchesAtOnceNeverExceedACustomersShare() {
    coupon(1_000_000, 2);

    List<PlacementResult> placements = hundredsAtOnce(4);

    assertThat(placements).filteredOn(Placed.class::isInstance).hasSize(200);
    assertThat(count("select reserved + used from coupon where code = ?", run)).isEqualTo(200);
  }

  @Test
  void largeBatchLeavesItsCouponToOthersUntilItHasBeenWritten() {
    coupon(1_000_000, null);
    List<NewOrder> many =
        IntStream.range(0, OrderWriter.MANY).mapToObj(i -> order(run, run, run + i)).toList();

    CompletableFuture<List<PlacementResult>> heldUp =
        heldUpByAnotherOrderOfAReference(
            many,
            () ->
                assertThat(
                        CompletableFuture.supplyAsync(() -> place(List.of(order(run, run, null)))))
                    .succeedsWithin(Duration.ofSeconds(60)));

    assertThat(heldUp).failsWithin(Duration.ofSeconds(60));
  }

  @Test
  void equalRequestsAtOnceMakeOneOrder() {
    coupon(1, null);

    List<PlacementResult> placements =
        atOnce(50, i -> () -> groupCommit.place(order(run, run, run)));

    assertThat(placements).filteredOn(Placed.class::isInstance).hasSize(1);
    assertThat(placements).filteredOn(Replayed.class::isInstance).hasSize(49);
  }

  @Test
  void refusesACouponThatANewerVersionHasStoredAndPlacesTheOrdersBesideIt() {
    coupon(10, null);
    jdbc.sql("update coupon set currency = 'QQQ' where code = ?").param(run).update();

    assertThat(place(List.of(order(run, run, null), order(run, null, null))))
        .satisfiesExactly(
            refused ->
                assertThat(refused).isEqualTo(new CouponNotRedeemable(run, CouponRefusal.UNKNOWN)),
            other -> assertThat(other).isInstanceOf(Placed.class));
  }

  @Test
  void aReferenceThatANewerVersionHasStoredIsReplayed() {
    NewOrder order = order(run, null, run);
    Placed placed = (Placed) place(List.of(order)).get(0);
    jdbc.sql("update orders set fingerprint = '\\x09'::bytea || fingerprint where reference = ?")
        .param(run)
        .update();

    assertThat(place(List.of(order))).containsExactly(new Replayed(placed.order()));
    assertThat(place(List.of(order("other" + run, null, run))))
        .containsExactly(new ReferenceReused(run));
  }

  @Test
  void becomesPartOfTheCallersTransaction() {
    transaction.executeWithoutResult(
        status -> {
          place(List.of(order(run, null, run)));
          status.setRollbackOnly();
        });

    assertThat(count("select count(*) from orders where reference = ?", run)).isZero();
  }

  private List<PlacementResult> place(List<NewOrder> orders) {
    return intake.place(Door.HTTP, orders, Priority.LIVE, false);
  }

  /** Places orders, the eighth of which another transaction places, too, which ends later. */
  private CompletableFuture<List<PlacementResult>> heldUpByAnotherOrderOfAReference(
      List<NewOrder> many, Runnable meanwhile) {
    return transaction.execute(
        status -> {
          place(List.of(order(run, null, many.get(7).reference())));
          CompletableFuture<List<PlacementResult>> heldUp =
              CompletableFuture.supplyAsync(() -> place(many));
          await()
              .until(
                  () ->
                      count(
                              "select count(*) from pg_stat_activity where wait_event ="
                                  + " 'transactionid' and query like ? || '%'",
                              "copy orders")
                          == 1);
          meanwhile.run();
          assertThat(heldUp).isNotDone();
          return heldUp;
        });
  }

  /** Has a hundred customers order so often at the same time, each hundred again if in the way. */
  private List<PlacementResult> hundredsAtOnce(int times) {
    List<NewOrder> hundred =
        IntStream.range(0, 100).mapToObj(n -> order(run + n, run, null)).toList();
    Callable<List<PlacementResult>> placing =
        () -> {
          try {
            return place(hundred);
          } catch (ConcurrencyFailureException e) {
            return intake.place(Door.HTTP, hundred, Priority.LIVE, true);
          }
        };
    return atOnce(times, i -> placing).stream().flatMap(List::stream).toList();
  }

  private void coupon(int usageLimit, Integer perCustomerLimit) {
    jdbc.sql(
            """
            insert into coupon (code, discount_type, discount_value, usage_limit, per_customer_limit, created_at)
            values (?, 'PERCENT', 10, ?, ?, now())
            """)
        .params(run, usageLimit, perCustomerLimit)
        .update();
  }

  private static List<String> without(List<String> names, String... others) {
    List<String> left = new ArrayList<>(names);
    left.removeAll(List.of(others));
    return left;
  }

  /** The event that waits to be published. */
  private String payload(UUID order) {
    return jdbc.sql("select convert_from(payload, 'UTF8') from outbox where subject = ?")
        .param(order)
        .query(String.class)
        .single();
  }

  private int count(String sql, String parameter) {
    return jdbc.sql(sql).param(parameter).query(Integer.class).single();
  }

  private static <T> List<T> atOnce(int times, IntFunction<Callable<T>> call) {
    ExecutorService threads = Executors.newFixedThreadPool(25);
    try {
      List<Callable<T>> calls = IntStream.range(0, times).mapToObj(call).toList();
      return threads.invokeAll(calls).stream().map(IntakeTest::result).toList();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
