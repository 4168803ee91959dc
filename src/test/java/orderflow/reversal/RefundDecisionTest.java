package orderflow.reversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import orderflow.order.Amount;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.Money;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderStatus;
import orderflow.platform.json.ValidationException;
import orderflow.point.PointReversals;
import orderflow.reversal.ReversalRequest.BelowMinimum;
import orderflow.reversal.ReversalRequest.ReturnedItem;
import org.junit.jupiter.api.Test;

class RefundDecisionTest {

  private static final int ORDERS = Integer.getInteger("orderflow.reversal.orders", 10_000);
  private static final List<String> CURRENCIES = List.of("KRW", "USD", "KWD");
  private static final ReversalRequest.Reason REASON = ReversalRequest.Reason.CUSTOMER;

  /** An order that returns are taken from, as the tables would have it. */
  private static final class Shelf {
    private final OrderCompleted order;
    private final int[] returned;
    private BigDecimal refunded;
    private BigDecimal charges;
    private BigDecimal unearned;
    private BigDecimal withheld;
    private int version = 1;

    Shelf(OrderCompleted order) {
      this.order = order;
      this.returned = new int[order.items().size()];
      BigDecimal zero = Money.zero(Currency.getInstance(order.currency()));
      this.refunded = zero;
      this.charges = zero;
      this.unearned = zero;
      this.withheld = zero;
    }

    OrderToReverse now() {
      return new OrderToReverse(
          order,
          version == 1 ? OrderStatus.COMPLETED : OrderStatus.PARTIALLY_RETURNED,
          version,
          IntStream.range(0, returned.length)
              .mapToObj(
                  i -> {
                    Item item = order.items().get(i);
                    return new OrderToReverse.Line(
                        item.sku(), item.name(), item.quantity(), returned[i], item.unitPrice());
                  })
              .toList(),
          refunded,
          charges,
          unearned,
          withheld,
          0);
    }

    RefundDecision take(ReversalRequest request, BigDecimal minimum) {
      RefundDecision decision = RefundDecision.of(now(), request, minimum);
      assertThat(decision.refusal()).isNull();
      decision.items().forEach(item -> returned[item.position()] += item.quantity());
      refunded = refunded.add(decision.refund());
      charges = charges.add(decision.charges());
      unearned = unearned.add(decision.unearned());
      withheld = decision.withheld();
      version++;
      return decision;
    }

    List<Integer> left() {
      return IntStream.range(0, returned.length)
          .filter(i -> returned[i] < order.items().get(i).quantity())
          .boxed()
          .toList();
    }
  }

  @Test
  void anySequenceOfReturnsAddsUpToWhatWasPaidForTheGoodsAndNeverToMore() {
    for (int seed = 0; seed < ORDERS; seed++) {
      Random random = new Random(seed);
      OrderCompleted order = order(random);
      Shelf shelf = new Shelf(order);
      BigDecimal rate = new BigDecimal("0.01");
      BigDecimal paid = order.paidForGoods();
      long booked = floor(paid.multiply(rate));
      PointReversals.Booked entry = new PointReversals.Booked(booked, rate, false);
      BigDecimal minimum = random.nextBoolean() ? null : order.subtotal();
      while (!shelf.left().isEmpty()) {
        RefundDecision decision = shelf.take(next(random, shelf), minimum);
        assertThat(decision.refund()).as("seed " + seed).isNotNegative();
        assertThat(shelf.refunded).as("seed " + seed).isLessThanOrEqualTo(paid);
        assertThat(shelf.withheld).as("seed " + seed).isNotNegative();
        assertThat(entry.keeps(paid, decision.paidForKept()))
            .as("seed " + seed)
            .isEqualTo(floor(paid.subtract(shelf.refunded).multiply(rate)));
        assertThat(decision.remaining().total())
            .as("seed " + seed)
            .isEqualTo(order.total().subtract(shelf.refunded));
      }
      assertThat(shelf.refunded).as("seed " + seed).isEqualByComparingTo(paid);
      assertThat(shelf.withheld).as("seed " + seed).isZero();
    }
  }

  @Test
  void aFixedDiscountIsSharedOutByPrice() {
    Shelf shelf =
        new Shelf(
            order(
                "KRW",
                List.of(item(2, "39000"), item(1, "10000")),
                new BigDecimal("5000"),
                List.of()));

    assertThat(shelf.take(units(0, 1), null).refund()).isEqualTo("36784");
    assertThat(shelf.take(units(0, 1), null).refund()).isEqualTo("36785");
    RefundDecision last = shelf.take(units(1, 1), null);
    assertThat(last.refund()).isEqualTo("9431");
    assertThat(last.status()).isEqualTo(OrderStatus.RETURNED);
    assertThat(shelf.refunded).isEqualTo("83000");
  }

  @Test
  void theLastUnitOfALargeOrderLeavesNothing() {
    List<Item> items = IntStream.range(0, 200).mapToObj(i -> item(9_999, "7")).toList();
    Shelf shelf = new Shelf(order("KRW", items, new BigDecimal("1234567"), List.of()));
    Random random = new Random(1);
    while (!shelf.left().isEmpty()) {
      shelf.take(next(random, shelf), null);
    }
    assertThat(shelf.refunded).isEqualTo(shelf.order.paidForGoods());
  }

  @Test
  void anOrderThatCostNothingIsReturnedForNothing() {
    Shelf shelf =
        new Shelf(order("USD", List.of(item(3, "1.00")), new BigDecimal("3.00"), List.of()));

    assertThat(shelf.take(units(0, 1), null).refund()).isEqualTo("0.00");
    assertThat(shelf.take(units(0, 2), null).status()).isEqualTo(OrderStatus.RETURNED);
  }

  @Test
  void belowTheMinimumTheDiscountIsKeptOrTakenFromTheRefundAndGivenBackAtTheEnd() {
    OrderCompleted order =
        order(
            "KRW", List.of(item(2, "39000"), item(1, "10000")), new BigDecimal("5000"), List.of());
    BigDecimal minimum = new BigDecimal("50000");

    RefundDecision kept = new Shelf(order).take(units(0, 1), minimum);
    assertThat(kept.refund()).isEqualTo("36784");
    assertThat(kept.repriced()).isEqualTo("34000"); // 2,784 of the discount are on what is kept
    assertThat(kept.warnings()).containsExactly("coupon minimum 50000 no longer met; policy KEEP");

    Shelf shelf = new Shelf(order);
    assertThat(shelf.take(reprice(0, 1), minimum).refund()).isEqualTo("34000");
    shelf.take(units(0, 1), minimum);
    shelf.take(units(1, 1), minimum);
    assertThat(shelf.refunded).isEqualTo("83000");
  }

  @Test
  void chargesAreRefundedByACancellationAndByAReturnThatSaysSoOnce() {
    OrderCompleted order =
        order(
            "KRW",
            List.of(item(2, "39000")),
            BigDecimal.ZERO,
            List.of(new Amount("Shipping", new BigDecimal("3000"))));

    assertThat(new Shelf(order).take(ReversalRequest.cancel(REASON), null).refund())
        .isEqualTo("81000");
    Shelf shelf = new Shelf(order);
    assertThat(shelf.take(withCharges(0, 1), null).refund()).isEqualTo("42000");
    assertThat(shelf.take(withCharges(0, 1), null).refund()).isEqualTo("39000");
    assertThat(shelf.refunded).isEqualTo(order.total());
  }

  @Test
  void goodwillIsNoMoreThanIsLeftAndLeavesLessForLaterReturns() {
    OrderCompleted order = order("KRW", List.of(item(2, "39000")), BigDecimal.ZERO, List.of());
    Shelf shelf = new Shelf(order);

    assertThat(shelf.take(goodwill("5000"), null).status()).isEqualTo(OrderStatus.COMPLETED);
    assertThat(RefundDecision.of(shelf.now(), goodwill("73001"), null).refusal())
        .isEqualTo(new ReversalResult.RefundOverTotal(new BigDecimal("73000")));
    RefundDecision rest = shelf.take(units(0, 2), null);
    assertThat(rest.refund()).isEqualTo("73000");
    assertThat(rest.warnings()).containsExactly("only 73000 of 78000 are left to refund");
    assertThat(rest.paidForKept()).isZero();
  }

  @Test
  void goodwillThatTakesPointsLeavesThePointsOfWhatIsKept() {
    Shelf shelf = new Shelf(order("KRW", List.of(item(2, "39000")), BigDecimal.ZERO, List.of()));
    ReversalRequest request = goodwill("8000");
    ReversalRequest takesPoints =
        new ReversalRequest(
            request.kind(),
            null,
            null,
            null,
            request.amount(),
            "late",
            request.couponPolicy(),
            request.belowMinimum(),
            request.shortfall(),
            true,
            false,
            false);

    assertThat(shelf.take(takesPoints, null).paidForKept()).isEqualTo("70000");
  }

  @Test
  void moreThanIsLeftIsRefusedWithWhatIs() {
    Shelf shelf =
        new Shelf(
            order("KRW", List.of(item(2, "39000"), item(1, "1")), BigDecimal.ZERO, List.of()));
    shelf.take(units(0, 1), null);

    assertThat(RefundDecision.of(shelf.now(), units(0, 2), null).refusal())
        .isEqualTo(
            new ReversalResult.NothingLeft(
                List.of(new ReturnedItem(0, 1), new ReturnedItem(1, 1))));
    assertThat(RefundDecision.of(shelf.now(), ReversalRequest.cancel(REASON), null).refusal())
        .isEqualTo(new ReversalResult.HasReturns());
  }

  @Test
  void whatTheOrderDoesNotHaveIsAFaultOfTheRequest() {
    Shelf shelf = new Shelf(order("KRW", List.of(item(1, "39000")), BigDecimal.ZERO, List.of()));

    assertThatThrownBy(() -> shelf.take(units(1, 1), null))
        .isInstanceOfSatisfying(
            ValidationException.class,
            e -> assertThat(e.faults().get(0).pointer()).isEqualTo("/items/0/position"));
    assertThatThrownBy(() -> shelf.take(goodwill("0.5"), null))
        .isInstanceOfSatisfying(
            ValidationException.class,
            e -> assertThat(e.faults().get(0).pointer()).isEqualTo("/amount"));
  }

  @Test
  void anEntryOfAnOlderVersionKeepsItsShareOfWhatWasBooked() {
    PointReversals.Booked old = new PointReversals.Booked(830, null, false);

    assertThat(old.keeps(new BigDecimal("83000"), new BigDecimal("46216"))).isEqualTo(462);
    assertThat(old.keeps(new BigDecimal("83000"), BigDecimal.ZERO)).isZero();
  }

  private static ReversalRequest next(Random random, Shelf shelf) {
    List<Integer> left = shelf.left();
    List<ReturnedItem> items = new ArrayList<>();
    for (int position : left) {
      int most = shelf.order.items().get(position).quantity() - shelf.returned[position];
      if (items.isEmpty() || random.nextInt(4) == 0) {
        items.add(
            new ReturnedItem(position, random.nextInt(3) == 0 ? most : 1 + random.nextInt(most)));
      }
    }
    return request(items, random.nextInt(3) == 0 ? BelowMinimum.REPRICE : BelowMinimum.KEEP, false);
  }

  private static OrderCompleted order(Random random) {
    String currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
    int digits = Currency.getInstance(currency).getDefaultFractionDigits();
    int lines = random.nextInt(200) == 0 ? 200 : 1 + random.nextInt(6);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      BigDecimal price =
          random.nextInt(10) == 0
              ? BigDecimal.ZERO.setScale(digits)
              : BigDecimal.valueOf(random.nextInt(100_000), digits);
      items.add(
          new Item(null, "item", 1 + random.nextInt(random.nextInt(5) == 0 ? 9_999 : 5), price));
    }
    BigDecimal subtotal = subtotal(items, digits);
    BigDecimal discount =
        switch (random.nextInt(4)) {
          case 0 -> BigDecimal.ZERO;
          case 1 -> subtotal.multiply(BigDecimal.valueOf(random.nextInt(101), 2));
          case 2 -> subtotal.min(BigDecimal.valueOf(random.nextInt(100_000), digits));
          default -> subtotal;
        };
    return order(currency, items, discount.setScale(digits, RoundingMode.FLOOR), List.of());
  }

  private static OrderCompleted order(
      String currency, List<Item> items, BigDecimal discount, List<Amount> charges) {
    Currency known = Currency.getInstance(currency);
    BigDecimal subtotal = subtotal(items, known.getDefaultFractionDigits());
    BigDecimal reduced = subtotal.subtract(discount);
    return new OrderCompleted(
        new UUID(0, 1),
        "1001",
        new Customer("c-1", "a@example.com", "A", "en", null),
        currency,
        items,
        subtotal,
        discount.setScale(known.getDefaultFractionDigits()),
        reduced.add(Amount.sum(charges, known)),
        "CODE",
        List.of(),
        charges,
        Instant.EPOCH);
  }

  private static BigDecimal subtotal(List<Item> items, int digits) {
    return items.stream()
        .map(item -> item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())))
        .reduce(BigDecimal.ZERO.setScale(digits), BigDecimal::add);
  }

  private static Item item(int quantity, String price) {
    return new Item("S", "item", quantity, new BigDecimal(price));
  }

  private static long floor(BigDecimal points) {
    return points.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private static ReversalRequest units(int position, int quantity) {
    return request(List.of(new ReturnedItem(position, quantity)), BelowMinimum.KEEP, false);
  }

  private static ReversalRequest reprice(int position, int quantity) {
    return request(List.of(new ReturnedItem(position, quantity)), BelowMinimum.REPRICE, false);
  }

  private static ReversalRequest withCharges(int position, int quantity) {
    return request(List.of(new ReturnedItem(position, quantity)), BelowMinimum.KEEP, true);
  }

  private static ReversalRequest request(
      List<ReturnedItem> items, BelowMinimum policy, boolean charges) {
    ReversalRequest plain = ReversalRequest.giveBack(items, REASON);
    return new ReversalRequest(
        plain.kind(),
        items,
        REASON,
        null,
        null,
        null,
        plain.couponPolicy(),
        policy,
        plain.shortfall(),
        false,
        charges,
        true);
  }

  private static ReversalRequest goodwill(String amount) {
    ReversalRequest plain = ReversalRequest.cancel(REASON);
    return new ReversalRequest(
        ReversalKind.GOODWILL,
        null,
        null,
        null,
        new BigDecimal(amount),
        "late",
        plain.couponPolicy(),
        plain.belowMinimum(),
        plain.shortfall(),
        false,
        false,
        false);
  }
}
