package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import orderflow.coupon.Coupons.Taker;
import org.jspecify.annotations.Nullable;

/**
 * Gives a batch's orders their coupons, one after the other, while it holds those coupons' locks.
 */
public final class CouponDesk {

  private final Map<String, Coupon> coupons;
  private final Map<Taker, Integer> takenBefore;
  private final Map<String, Integer> given = new TreeMap<>();
  private final Map<Taker, Integer> givenToTaker = new HashMap<>();

  private CouponDesk(Map<String, Coupon> coupons, Map<Taker, Integer> takenBefore) {
    this.coupons = coupons;
    this.takenBefore = takenBefore;
  }

  /** An order's wish for a coupon. */
  public record Wish(String code, String customerId, Currency currency, BigDecimal subtotal) {

    Taker taker() {
      return new Taker(code, customerId);
    }
  }

  /** What becomes of a wish. */
  public sealed interface Decision {

    record Granted(BigDecimal discount) implements Decision {}

    record Refused(CouponRefusal reason) implements Decision {}
  }

  /** Locks the coupons that are wished for, for the rest of the running transaction. */
  public static CouponDesk open(Coupons coupons, Collection<Wish> wishes) {
    Map<String, Coupon> locked = coupons.lock(wishes.stream().map(Wish::code).toList());
    List<Taker> limited =
        wishes.stream()
            .filter(wish -> isLimitedPerCustomer(locked.get(wish.code())))
            .map(Wish::taker)
            .toList();
    return new CouponDesk(locked, coupons.taken(limited));
  }

  /** Gives a use of the coupon if it can be used. */
  public Decision ask(Wish wish, Instant now) {
    Coupon coupon = coupons.get(wish.code());
    if (coupon == null) {
      return new Decision.Refused(CouponRefusal.UNKNOWN);
    }
    Taker taker = wish.taker();
    CouponRefusal refusal =
        coupon.refusalFor(
            wish.customerId(),
            wish.currency(),
            wish.subtotal(),
            now,
            coupon.reserved() + coupon.used() + given.getOrDefault(coupon.code(), 0),
            takenBefore.getOrDefault(taker, 0) + givenToTaker.getOrDefault(taker, 0));
    if (refusal != null) {
      return new Decision.Refused(refusal);
    }
    given.merge(coupon.code(), 1, Integer::sum);
    givenToTaker.merge(taker, 1, Integer::sum);
    return new Decision.Granted(coupon.discountOn(wish.subtotal(), wish.currency()));
  }

  /** How many uses of each coupon were given. */
  public Map<String, Integer> given() {
    return given;
  }

  private static boolean isLimitedPerCustomer(@Nullable Coupon coupon) {
    return coupon != null && coupon.perCustomerLimit() != null;
  }
}
