package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import orderflow.order.Money;
import org.jspecify.annotations.Nullable;

/**
 * A coupon's rules and how often it has been taken.
 *
 * @param currency the only currency it is good for; null for any
 * @param customerId the only customer it is good for; null for all
 * @param minimumOrderTotal held against the subtotal
 * @param validFrom inclusive
 * @param validUntil exclusive
 * @param perCustomerLimit null for none
 * @param enabled whether it can be used at all
 * @param reserved uses promised to orders and not yet made
 */
public record Coupon(
    String code,
    DiscountType type,
    BigDecimal value,
    @Nullable Currency currency,
    @Nullable String customerId,
    @Nullable BigDecimal minimumOrderTotal,
    @Nullable BigDecimal maximumDiscount,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    int usageLimit,
    @Nullable Integer perCustomerLimit,
    boolean enabled,
    int reserved,
    int used) {

  /** How a coupon's value is meant. */
  public enum DiscountType {
    PERCENT,
    FIXED
  }

  /** Where a coupon stands at a moment. */
  public enum Status {
    SCHEDULED,
    ACTIVE,
    EXHAUSTED,
    EXPIRED,
    DISABLED
  }

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Status statusAt(Instant now) {
    if (!enabled) {
      return Status.DISABLED;
    }
    if (isOver(now)) {
      return Status.EXPIRED;
    }
    if (isAhead(now)) {
      return Status.SCHEDULED;
    }
    return reserved + used >= usageLimit ? Status.EXHAUSTED : Status.ACTIVE;
  }

  /**
   * Why an order can't have this coupon, or null if it can.
   *
   * @param taken how often it has been reserved or used
   * @param takenByCustomer how often by the order's customer
   */
  public @Nullable CouponRefusal refusalFor(
      String orderingCustomer,
      Currency orderCurrency,
      BigDecimal subtotal,
      Instant now,
      int taken,
      int takenByCustomer) {
    if (!enabled) {
      return CouponRefusal.DISABLED;
    }
    if (isAhead(now)) {
      return CouponRefusal.NOT_STARTED;
    }
    if (isOver(now)) {
      return CouponRefusal.EXPIRED;
    }
    if (customerId != null && !customerId.equals(orderingCustomer)) {
      return CouponRefusal.OTHER_CUSTOMER;
    }
    if (currency != null && !currency.equals(orderCurrency)) {
      return CouponRefusal.OTHER_CURRENCY;
    }
    if (minimumOrderTotal != null && subtotal.compareTo(minimumOrderTotal) < 0) {
      return CouponRefusal.BELOW_MINIMUM;
    }
    if (taken >= usageLimit) {
      return CouponRefusal.EXHAUSTED;
    }
    if (perCustomerLimit != null && takenByCustomer >= perCustomerLimit) {
      return CouponRefusal.CUSTOMER_LIMIT;
    }
    return null;
  }

  /**
   * The discount on a subtotal: rounded down to the currency's smallest unit, never more than the
   * subtotal.
   */
  public BigDecimal discountOn(BigDecimal subtotal, Currency orderCurrency) {
    BigDecimal discount = value;
    if (type == DiscountType.PERCENT) {
      discount = subtotal.multiply(value).divide(HUNDRED);
      if (maximumDiscount != null) {
        discount = discount.min(maximumDiscount);
      }
    }
    return Money.floor(discount.min(subtotal), orderCurrency);
  }

  /** The coupon as a change leaves it. */
  Coupon changed(CouponChange change) {
    return new Coupon(
        code,
        type,
        value,
        currency,
        customerId,
        minimumOrderTotal,
        maximumDiscount,
        validFrom,
        change.changesValidUntil() ? change.validUntil() : validUntil,
        change.usageLimit() == null ? usageLimit : change.usageLimit(),
        perCustomerLimit,
        change.enabled() == null ? enabled : change.enabled(),
        reserved,
        used);
  }

  private boolean isAhead(Instant now) {
    return validFrom != null && now.isBefore(validFrom);
  }

  private boolean isOver(Instant now) {
    return validUntil != null && !now.isBefore(validUntil);
  }
}
