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
import org.springframework.dao.ConcurrencyFailureException;

/** Gives a batch's orders their coupons, one after the other. */
public final class CouponAllocation {

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final Map<String, Coupon> seen;
  private final Map<Taker, Integer> takenBefore;
  private final Map<String, Integer> given = new TreeMap<>();
  private final Map<Taker, Integer> givenToTaker = new HashMap<>();

  private CouponAllocation(Map<String, Coupon> seen, Map<Taker, Integer> takenBefore) {
    this.seen = seen;
    this.takenBefore = takenBefore;
  }

  /**
   * An order's wish for a coupon.
   *
   * @param reducible the most that the coupon may take off, for the rest is taken off already; null
   *     if that is of no concern
   */
  public record Wish(
      String code,
      String customerId,
      Currency currency,
      BigDecimal subtotal,
      @Nullable BigDecimal reducible) {

    Taker taker() {
      return new Taker(code, customerId);
    }
  }

  /** What becomes of a wish. */
  public sealed interface Decision {

    record Granted(BigDecimal discount) implements Decision {}

    record Refused(CouponRefusal reason) implements Decision {}

    /** With what is taken off already, it takes off more than the subtotal. */
    record OverSubtotal() implements Decision {}
  }

  /** Locks the coupons that are wished for, for the rest of the running transaction. */
  public static CouponAllocation open(Coupons coupons, Collection<Wish> wishes) {
    return open(coupons, wishes, coupons.lock(wishes.stream().map(Wish::code).toList()));
  }

  /**
   * Leaves the coupons to others for as long as a large batch is being written. Counting the uses
   * at its end locks the coupons, and is refused if others have taken the last of them; {@link
   * #recheck} then looks at what each customer has.
   */
  public static CouponAllocation openShared(Coupons coupons, Collection<Wish> wishes) {
    return open(coupons, wishes, coupons.look(wishes.stream().map(Wish::code).toList()));
  }

  private static CouponAllocation open(
      Coupons coupons, Collection<Wish> wishes, Map<String, Coupon> seen) {
    return new CouponAllocation(
        seen, coupons.taken(limited(wishes.stream().map(Wish::taker).toList(), seen)));
  }

  /**
   * Looks whether others have given a customer uses meanwhile that were given here, too.
   *
   * @throws ConcurrencyFailureException if one has more than a customer may have
   */
  public void recheck(Coupons coupons) {
    coupons
        .taken(limited(givenToTaker.keySet(), seen))
        .forEach(
            (taker, uses) -> {
              if (uses > limit(seen.get(taker.code()))) {
                throw new ConcurrencyFailureException("a customer's last use was taken meanwhile");
              }
            });
  }

  /** Gives a use of the coupon if it can be used. */
  public Decision ask(Wish wish, Instant now) {
    Coupon coupon = seen.get(wish.code());
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
    BigDecimal discount = coupon.discountOn(wish.subtotal(), wish.currency());
    if (wish.reducible() != null && discount.compareTo(wish.reducible()) > 0) {
      return new Decision.OverSubtotal();
    }
    given.merge(coupon.code(), 1, Integer::sum);
    givenToTaker.merge(taker, 1, Integer::sum);
    return new Decision.Granted(discount);
  }

  /** How many uses of each coupon were given. */
  public Map<String, Integer> given() {
    return given;
  }

  /** Those of whom it matters how often they have taken their coupon. */
  private static List<Taker> limited(Collection<Taker> takers, Map<String, Coupon> seen) {
    return takers.stream().filter(taker -> limit(seen.get(taker.code())) < UNLIMITED).toList();
  }

  private static int limit(@Nullable Coupon coupon) {
    return coupon == null || coupon.perCustomerLimit() == null
        ? UNLIMITED
        : coupon.perCustomerLimit();
  }
}
