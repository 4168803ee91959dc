package orderflow.intake;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import orderflow.coupon.Coupon;
import orderflow.coupon.CouponRefusal;
import orderflow.coupon.Coupons;
import orderflow.coupon.Coupons.Taker;
import orderflow.order.Money;
import orderflow.order.NewOrder;
import org.jspecify.annotations.Nullable;

/**
 * Gives a batch's orders their coupons, one after the other, while it holds those coupons' locks.
 */
final class CouponDesk {

  private final Map<String, Coupon> coupons;
  private final Map<Taker, Integer> takenBefore;
  private final Map<String, Integer> given = new TreeMap<>();
  private final Map<Taker, Integer> givenToTaker = new HashMap<>();

  private CouponDesk(Map<String, Coupon> coupons, Map<Taker, Integer> takenBefore) {
    this.coupons = coupons;
    this.takenBefore = takenBefore;
  }

  /** Locks the coupons that these orders name. */
  static CouponDesk open(Coupons coupons, Collection<NewOrder> orders) {
    Map<String, Coupon> locked =
        coupons.lock(orders.stream().map(NewOrder::couponCode).filter(c -> c != null).toList());
    List<Taker> limited =
        orders.stream()
            .filter(
                order ->
                    order.couponCode() != null
                        && isLimitedPerCustomer(locked.get(order.couponCode())))
            .map(CouponDesk::taker)
            .toList();
    return new CouponDesk(locked, coupons.taken(limited));
  }

  /** What becomes of an order's wish for a coupon. */
  sealed interface Decision {

    /** The order has its coupon, or wants none: 0 then. */
    record Granted(BigDecimal discount) implements Decision {}

    record Refused(CouponRefusal reason) implements Decision {}
  }

  /** Gives the order its coupon if that can be used. */
  Decision ask(NewOrder order, Instant now) {
    if (order.couponCode() == null) {
      return new Decision.Granted(Money.zero(order.currency()));
    }
    Coupon coupon = coupons.get(order.couponCode());
    if (coupon == null) {
      return new Decision.Refused(CouponRefusal.UNKNOWN);
    }
    Taker taker = taker(order);
    CouponRefusal refusal =
        coupon.refusalFor(
            taker.customerId(),
            order.currency(),
            order.subtotal(),
            now,
            coupon.reserved() + coupon.used() + given.getOrDefault(coupon.code(), 0),
            takenBefore.getOrDefault(taker, 0) + givenToTaker.getOrDefault(taker, 0));
    if (refusal != null) {
      return new Decision.Refused(refusal);
    }
    given.merge(coupon.code(), 1, Integer::sum);
    givenToTaker.merge(taker, 1, Integer::sum);
    return new Decision.Granted(coupon.discountOn(order.subtotal(), order.currency()));
  }

  /** How many uses of each coupon were given. */
  Map<String, Integer> given() {
    return given;
  }

  private static boolean isLimitedPerCustomer(@Nullable Coupon coupon) {
    return coupon != null && coupon.perCustomerLimit() != null;
  }

  private static Taker taker(NewOrder order) {
    return new Taker(String.valueOf(order.couponCode()), order.customer().id());
  }
}
