package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import orderflow.order.Money;
import org.jspecify.annotations.Nullable;

/** A coupon as its owners see it; amounts are plain decimals. */
public record CouponView(
    String code,
    Discount discount,
    @Nullable String currency,
    @Nullable String customerId,
    @Nullable String minimumOrderTotal,
    @Nullable String maximumDiscount,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    int usageLimit,
    @Nullable Integer perCustomerLimit,
    Coupon.Status status,
    int reserved,
    int used) {

  /** What it takes off. */
  public record Discount(Coupon.DiscountType type, String value) {}

  public static CouponView of(Coupon coupon, Instant now) {
    Currency currency = coupon.currency();
    boolean percent = coupon.type() == Coupon.DiscountType.PERCENT;
    return new CouponView(
        coupon.code(),
        new Discount(coupon.type(), text(coupon.value(), percent ? null : currency)),
        currency == null ? null : currency.getCurrencyCode(),
        coupon.customerId(),
        coupon.minimumOrderTotal() == null ? null : text(coupon.minimumOrderTotal(), currency),
        coupon.maximumDiscount() == null ? null : text(coupon.maximumDiscount(), currency),
        coupon.validFrom(),
        coupon.validUntil(),
        coupon.usageLimit(),
        coupon.perCustomerLimit(),
        coupon.statusAt(now),
        coupon.reserved(),
        coupon.used());
  }

  private static String text(BigDecimal amount, @Nullable Currency currency) {
    return currency == null
        ? amount.stripTrailingZeros().toPlainString()
        : Money.text(amount, currency);
  }
}
