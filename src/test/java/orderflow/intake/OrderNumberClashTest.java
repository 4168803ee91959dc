package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import orderflow.OrderflowTest;
import orderflow.coupon.Coupons;
import orderflow.intake.PlacementResult.Placed;
import orderflow.order.NewOrder;
import orderflow.order.OrderIds;
import orderflow.order.OrderSummary;
import orderflow.outbox.Outbox;
import orderflow.outbox.Priority;
import orderflow.platform.trace.Traces;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Two orders whose ids make the same number, which chance brings about once in many millions. */
@OrderflowTest
class OrderNumberClashTest {

  @Autowired JdbcClient jdbc;
  @Autowired OrderWriter orders;
  @Autowired Coupons coupons;
  @Autowired Outbox outbox;
  @Autowired PlatformTransactionManager transactions;
  @Autowired PlacementCounts counts;
  @Autowired Clock clock;

  private final String customer = "c-" + UUID.randomUUID();
  private final Deque<UUID> sameNumbers = new ArrayDeque<>();

  @Test
  void theSecondOneGetsAnotherNumber() {
    OrderSummary first = placed(intake().place(Door.HTTP, one(), Priority.LIVE, false)).get(0);
    sameNumbers.add(withNumberOf(first.orderId()));
    GroupCommit groupCommit =
        new GroupCommit(intake(), new IntakeSettings(1, 50, 10, Duration.ofSeconds(60)), counts);
    groupCommit.start();
    OrderSummary second;
    try {
      second = placed(List.of(groupCommit.place(one().get(0)))).get(0);
    } finally {
      groupCommit.stop();
    }

    assertThat(sameNumbers).isEmpty();
    assertThat(second.orderNumber()).isNotEqualTo(first.orderNumber());
    assertThat(numbers()).containsExactlyInAnyOrder(first.orderNumber(), second.orderNumber());
  }

  @Test
  void twinsOfOneBatchGetDifferentNumbersAtTheNextAttempt() {
    UUID id = OrderIds.at(clock.instant());
    sameNumbers.addAll(List.of(id, withNumberOf(id)));
    List<NewOrder> twins = Collections.nCopies(2, one().get(0));
    Intake intake = intake();

    assertClash(intake, twins);
    List<OrderSummary> placed = placed(intake.place(Door.HTTP, twins, Priority.LIVE, true));

    assertThat(numbers())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            placed.stream().map(OrderSummary::orderNumber).toList());
  }

  /** As a file's: such a batch is written in another way. */
  @Test
  void aLargeBatchIsPlacedWhollyAtTheNextAttempt() {
    OrderSummary first = placed(intake().place(Door.HTTP, one(), Priority.BULK, false)).get(0);
    sameNumbers.add(withNumberOf(first.orderId()));
    List<NewOrder> many = Collections.nCopies(OrderWriter.MANY, one().get(0));
    Intake intake = intake();

    assertClash(intake, many);
    intake.place(Door.HTTP, many, Priority.BULK, true);

    assertThat(numbers()).hasSize(1 + OrderWriter.MANY).doesNotHaveDuplicates();
  }

  private void assertClash(Intake intake, List<NewOrder> batch) {
    List<String> before = numbers();
    assertThatExceptionOfType(ConcurrencyFailureException.class)
        .isThrownBy(() -> intake.place(Door.HTTP, batch, Priority.BULK, false))
        .withMessageStartingWith("a reference or a number was taken meanwhile");
    assertThat(numbers()).isEqualTo(before);
  }

  private Intake intake() {
    return new Intake(
        orders, coupons, outbox, transactions, counts, new Traces(null), clock, this::id);
  }

  private UUID id(Instant moment) {
    UUID next = sameNumbers.poll();
    return next == null ? OrderIds.at(moment) : next;
  }

  /** Another id of which the same number is made. */
  private UUID withNumberOf(UUID id) {
    return new UUID(
        OrderIds.at(clock.instant().minusSeconds(1)).getMostSignificantBits(),
        id.getLeastSignificantBits());
  }

  private List<NewOrder> one() {
    return List.of(order(customer, null, null));
  }

  private static List<OrderSummary> placed(List<PlacementResult> results) {
    return results.stream().map(Placed.class::cast).map(Placed::order).toList();
  }

  private List<String> numbers() {
    return jdbc.sql("select made_number from orders where customer_id = ? order by made_number")
        .param(customer)
        .query(String.class)
        .list();
  }
}
