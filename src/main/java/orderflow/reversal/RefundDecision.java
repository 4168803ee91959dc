package orderflow.reversal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import orderflow.coupon.CouponRelease;
import orderflow.order.Money;
import orderflow.order.OrderRules;
import orderflow.order.OrderStatus;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.point.PointReversals;
import orderflow.reversal.ReversalRequest.BelowMinimum;
import orderflow.reversal.ReversalRequest.ReturnedItem;
import org.jspecify.annotations.Nullable;

/**
 * What a reversal refunds, and how its order stands afterwards; no effect has been looked at yet.
 *
 * @param refusal why nothing is done; null if something is
 * @param items what is taken back
 * @param refund all of it
 * @param charges the part of it that is for charges
 * @param unearned what it takes from the amount that earned points; less than nothing where more of
 *     a refund that was withheld before is given than is taken
 * @param withheld in all, after it
 * @param repriced the refund if what is kept is charged without the coupon; null unless it is below
 *     the minimum
 * @param paidForKept what was paid for the goods that are kept
 * @param remaining what is left of the order's amounts
 */
record RefundDecision(
    @Nullable ReversalResult refusal,
    List<ReversalPlan.Item> items,
    BigDecimal refund,
    BigDecimal maximum,
    BigDecimal charges,
    BigDecimal unearned,
    BigDecimal withheld,
    @Nullable BigDecimal repriced,
    boolean takesPoints,
    BigDecimal paidForKept,
    OrderStatus status,
    ReversalPlan.Remaining remaining,
    List<String> warnings) {

  RefundDecision {
    items = List.copyOf(items);
    warnings = List.copyOf(warnings);
  }

  /**
   * Decides by the order as it stands.
   *
   * @param minimum the subtotal that its coupon asks for; null if none
   * @throws ValidationException if the request names what the order does not have
   */
  static RefundDecision of(
      OrderToReverse order, ReversalRequest request, @Nullable BigDecimal minimum) {
    return switch (request.kind()) {
      case CANCEL -> cancel(order);
      case RETURN -> giveBack(order, request, minimum);
      case GOODWILL -> goodwill(order, request);
    };
  }

  private static RefundDecision cancel(OrderToReverse order) {
    switch (order.status()) {
      case CANCELLED:
        return refused(order, new ReversalResult.AlreadyCancelled());
      case PARTIALLY_RETURNED, RETURNED:
        return refused(order, new ReversalResult.HasReturns());
      default:
    }
    List<ReturnedItem> all = left(order);
    BigDecimal zero = Money.zero(order.currency());
    return new RefundDecision(
        null,
        items(order, split(order), all),
        order.refundable(),
        order.refundable(),
        order.chargesLeft(),
        order.order().paidForGoods().subtract(order.unearned()),
        zero,
        null,
        true,
        zero,
        OrderStatus.CANCELLED,
        new ReversalPlan.Remaining(zero, zero, zero),
        List.of());
  }

  private static RefundDecision goodwill(OrderToReverse order, ReversalRequest request) {
    BigDecimal amount = amount(order, request, "/amount");
    if (amount == null) {
      throw new ValidationException(List.of(new Violation("/amount", "is required")));
    }
    if (amount.compareTo(order.refundable()) > 0) {
      return refused(order, new ReversalResult.RefundOverTotal(order.refundable()));
    }
    BigDecimal zero = Money.zero(order.currency());
    // No more than what has earned points can take points along.
    BigDecimal unearned =
        request.takesPoints()
            ? amount.min(order.order().paidForGoods().subtract(order.unearned())).max(zero)
            : zero;
    List<ReturnedItem> kept = left(order);
    return new RefundDecision(
        null,
        List.of(),
        amount,
        order.refundable(),
        zero,
        unearned,
        order.withheld(),
        null,
        request.takesPoints(),
        order.order().paidForGoods().subtract(order.unearned()).subtract(unearned),
        order.status(),
        remaining(order, split(order), kept, order.refunded().add(amount)),
        List.of());
  }

  private static RefundDecision giveBack(
      OrderToReverse order, ReversalRequest request, @Nullable BigDecimal minimum) {
    if (order.status() == OrderStatus.CANCELLED) {
      return refused(order, new ReversalResult.AlreadyCancelled());
    }
    List<ReturnedItem> returned = request.items() == null ? left(order) : checked(order, request);
    if (returned.isEmpty() || exceeds(order, returned)) {
      return refused(order, new ReversalResult.NothingLeft(left(order)));
    }
    Currency currency = order.currency();
    BigDecimal zero = Money.zero(currency);
    RefundSplit split = split(order);
    List<ReversalPlan.Item> items = items(order, split, returned);
    BigDecimal paid = items.stream().map(ReversalPlan.Item::refund).reduce(zero, BigDecimal::add);
    List<ReturnedItem> kept = leftAfter(order, returned);
    BigDecimal charges = request.refundsCharges() ? order.chargesLeft() : zero;
    BigDecimal keptList = listPrice(order, split, kept);
    boolean belowMinimum = minimum != null && !kept.isEmpty() && keptList.compareTo(minimum) < 0;

    // What the kept items would cost more without the coupon.
    BigDecimal lost = couponShare(order, split, kept);
    BigDecimal due = paid.add(order.withheld());
    BigDecimal repricedWithheld = lost.min(due);
    BigDecimal withheld =
        belowMinimum && request.belowMinimum() == BelowMinimum.REPRICE
            ? repricedWithheld
            : order.withheld().min(lost).min(due);
    BigDecimal goods = due.subtract(withheld);
    BigDecimal repriced =
        belowMinimum ? due.subtract(repricedWithheld).add(charges).min(order.refundable()) : null;

    List<String> warnings = new ArrayList<>();
    if (minimum != null && belowMinimum) {
      warnings.add(
          "coupon minimum %s no longer met; policy %s"
              .formatted(Money.text(minimum, currency), request.belowMinimum()));
    }
    BigDecimal refund = goods.add(charges);
    BigDecimal named = amount(order, request, "/refund/amount");
    if (named != null) {
      if (named.compareTo(order.refundable()) > 0) {
        return refused(order, new ReversalResult.RefundOverTotal(order.refundable()));
      }
      if (named.compareTo(refund) != 0) {
        warnings.add(
            "the refund is %s, not %s as the items were paid with"
                .formatted(named.toPlainString(), refund.toPlainString()));
      }
      refund = named;
    } else if (refund.compareTo(order.refundable()) > 0) {
      warnings.add(
          "only %s of %s are left to refund"
              .formatted(order.refundable().toPlainString(), refund.toPlainString()));
      refund = order.refundable();
    }
    return new RefundDecision(
        null,
        items,
        refund,
        order.refundable(),
        charges.min(refund),
        goods,
        withheld,
        repriced,
        true,
        order.order().paidForGoods().subtract(order.unearned()).subtract(goods),
        kept.isEmpty() ? OrderStatus.RETURNED : OrderStatus.PARTIALLY_RETURNED,
        remaining(order, split, kept, order.refunded().add(refund)),
        warnings);
  }

  /** Whether it is the reversal that leaves nothing of the order. */
  boolean takesAll() {
    return !items.isEmpty() && status.isFinal();
  }

  /** The items of a request, one entry for each position, in their order. */
  private static List<ReturnedItem> checked(OrderToReverse order, ReversalRequest request) {
    TreeMap<Integer, Integer> quantities = new TreeMap<>();
    List<Violation> faults = new ArrayList<>();
    List<ReturnedItem> items = request.items() == null ? List.of() : request.items();
    for (int i = 0; i < items.size(); i++) {
      ReturnedItem item = items.get(i);
      if (item.position() >= order.lines().size()) {
        faults.add(
            new Violation(
                "/items/" + i + "/position",
                "must be one of the order's: 0 to " + (order.lines().size() - 1)));
      } else {
        quantities.merge(item.position(), item.quantity(), Math::addExact);
      }
    }
    if (!faults.isEmpty()) {
      throw new ValidationException(faults);
    }
    return quantities.entrySet().stream()
        .map(entry -> new ReturnedItem(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static @Nullable BigDecimal amount(
      OrderToReverse order, ReversalRequest request, String pointer) {
    BigDecimal amount = request.amount();
    if (amount == null) {
      return null;
    }
    String fault = OrderRules.faultOf(amount, order.currency());
    if (fault != null) {
      throw new ValidationException(List.of(new Violation(pointer, fault)));
    }
    return amount.setScale(order.currency().getDefaultFractionDigits(), RoundingMode.UNNECESSARY);
  }

  private static boolean exceeds(OrderToReverse order, List<ReturnedItem> returned) {
    return returned.stream()
        .anyMatch(item -> item.quantity() > order.lines().get(item.position()).left());
  }

  private static List<ReturnedItem> left(OrderToReverse order) {
    return leftAfter(order, List.of());
  }

  private static List<ReturnedItem> leftAfter(OrderToReverse order, List<ReturnedItem> returned) {
    int[] left = order.lines().stream().mapToInt(OrderToReverse.Line::left).toArray();
    returned.forEach(item -> left[item.position()] -= item.quantity());
    List<ReturnedItem> items = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i] > 0) {
        items.add(new ReturnedItem(i, left[i]));
      }
    }
    return items;
  }

  private static RefundSplit split(OrderToReverse order) {
    return new RefundSplit(order.lines(), order.order().discount(), order.currency());
  }

  /** The next units of each line. */
  private static List<ReversalPlan.Item> items(
      OrderToReverse order, RefundSplit split, List<ReturnedItem> returned) {
    return returned.stream()
        .map(
            item -> {
              OrderToReverse.Line line = order.lines().get(item.position());
              int from = line.returned();
              int to = from + item.quantity();
              return new ReversalPlan.Item(
                  item.position(),
                  line.sku(),
                  item.quantity(),
                  split.listPrice(item.position(), from, to),
                  split.discountShare(item.position(), from, to),
                  split.paid(item.position(), from, to));
            })
        .toList();
  }

  /** What is kept are the last units of each line. */
  private static BigDecimal listPrice(
      OrderToReverse order, RefundSplit split, List<ReturnedItem> kept) {
    return kept.stream()
        .map(
            item -> {
              int all = order.lines().get(item.position()).quantity();
              return split.listPrice(item.position(), all - item.quantity(), all);
            })
        .reduce(Money.zero(order.currency()), BigDecimal::add);
  }

  private static BigDecimal discountOf(
      OrderToReverse order, RefundSplit split, List<ReturnedItem> kept) {
    return kept.stream()
        .map(
            item -> {
              int all = order.lines().get(item.position()).quantity();
              return split.discountShare(item.position(), all - item.quantity(), all);
            })
        .reduce(Money.zero(order.currency()), BigDecimal::add);
  }

  /** Of the reductions that the kept items bear, the coupon's part. */
  private static BigDecimal couponShare(
      OrderToReverse order, RefundSplit split, List<ReturnedItem> kept) {
    BigDecimal reductions = order.order().discount();
    return reductions.signum() == 0
        ? Money.zero(order.currency())
        : discountOf(order, split, kept)
            .multiply(order.order().couponDiscount())
            .divide(reductions, order.currency().getDefaultFractionDigits(), RoundingMode.FLOOR);
  }

  private static ReversalPlan.Remaining remaining(
      OrderToReverse order, RefundSplit split, List<ReturnedItem> kept, BigDecimal refunded) {
    return new ReversalPlan.Remaining(
        listPrice(order, split, kept),
        discountOf(order, split, kept),
        order.order().total().subtract(refunded));
  }

  private static RefundDecision refused(OrderToReverse order, ReversalResult refusal) {
    BigDecimal zero = Money.zero(order.currency());
    return new RefundDecision(
        refusal,
        List.of(),
        zero,
        order.refundable(),
        zero,
        zero,
        zero,
        null,
        false,
        zero,
        order.status(),
        new ReversalPlan.Remaining(zero, zero, zero),
        List.of());
  }

  /** The whole of what is done, with the effects that were met. */
  ReversalPlan plan(
      OrderToReverse order,
      ReversalRequest request,
      CouponRelease.Released coupon,
      PointReversals.Booked booked,
      long keeps,
      PointReversals.@Nullable Change change,
      ReversalPlan.Mail mail,
      UUID id,
      Instant now) {
    return new ReversalPlan(
        id,
        order.order().orderId(),
        request.kind(),
        request.reason(),
        order.order().currency(),
        items,
        new ReversalPlan.Refund(
            refund,
            maximum,
            charges,
            refund.signum() == 0 ? RefundState.NONE : RefundState.DUE,
            null,
            null,
            null),
        ReversalPlan.Points.of(booked, keeps, change),
        new ReversalPlan.Coupon(
            order.order().couponCode(),
            coupon.outcome(),
            repriced != null,
            repriced,
            coupon.reissued()),
        mail,
        new ReversalPlan.Order(status, order.version() + 1, remaining),
        warnings,
        now);
  }
}
