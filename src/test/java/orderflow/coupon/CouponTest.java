package orderflow.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import orderflow.coupon.Coupon.DiscountType;
import orderflow.coupon.Coupon.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CouponTest {

  private static final Currency KRW = Currency.getInstance("KRW");
  private static final Currency USD = Currency.getInstance("USD");
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");

  @Test
  void roundsAPercentageDownToTheSmallestUnit() {
    assertThat(percent("10").discountOn(new BigDecimal("78009"), KRW))
        .isEqualTo(new BigDecimal("7800"));
    assertThat(percent("33.333").discountOn(new BigDecimal("9.99"), USD))
        .isEqualTo(new BigDecimal("3.32"));
  }

  @Test
  void capsAPercentage() {
    assertThat(coupon(DiscountType.PERCENT, "50", "5000").discountOn(new BigDecimal("78000"), KRW))
        .isEqualTo(new BigDecimal("5000"));
  }

  @Test
  void neverGivesMoreThanTheSubtotal() {
    assertThat(coupon(DiscountType.FIXED, "5000", null).discountOn(new BigDecimal("3000"), KRW))
        .isEqualTo(new BigDecimal("3000"));
    assertThat(percent("100").discountOn(new BigDecimal("3000"), KRW))
        .isEqualTo(new BigDecimal("3000"));
  }

  @Test
  void isValidFromItsStartUntilJustBeforeItsEnd() {
    assertThat(refusalAt(START.minusMillis(1))).isEqualTo(CouponRefusal.NOT_STARTED);
    assertThat(refusalAt(START)).isNull();
    assertThat(refusalAt(END.minusMillis(1))).isNull();
    assertThat(refusalAt(END)).isEqualTo(CouponRefusal.EXPIRED);
  }

  @Test
  void saysWhyItCannotBeUsed() {
    assertThat(refusal("c-2", KRW, "10000", 0, 0)).isEqualTo(CouponRefusal.OTHER_CUSTOMER);
    assertThat(refusal("c-1", USD, "10000", 0, 0)).isEqualTo(CouponRefusal.OTHER_CURRENCY);
    assertThat(refusal("c-1", KRW, "9999", 0, 0)).isEqualTo(CouponRefusal.BELOW_MINIMUM);
    assertThat(refusal("c-1", KRW, "10000", 5, 0)).isEqualTo(CouponRefusal.EXHAUSTED);
    assertThat(refusal("c-1", KRW, "10000", 4, 2)).isEqualTo(CouponRefusal.CUSTOMER_LIMIT);
    assertThat(refusal("c-1", KRW, "10000", 4, 1)).isNull();
  }

  @Test
  void tellsWhereItStands() {
    assertThat(narrow(0).statusAt(START.minusMillis(1))).isEqualTo(Status.SCHEDULED);
    assertThat(narrow(4).statusAt(START)).isEqualTo(Status.ACTIVE);
    assertThat(narrow(5).statusAt(START)).isEqualTo(Status.EXHAUSTED);
    assertThat(narrow(5).statusAt(END)).isEqualTo(Status.EXPIRED);
  }

  private static @Nullable CouponRefusal refusalAt(Instant now) {
    return narrow(0).refusalFor("c-1", KRW, new BigDecimal("10000"), now, 0, 0);
  }

  private static @Nullable CouponRefusal refusal(
      String customer, Currency currency, String subtotal, int taken, int takenByCustomer) {
    return narrow(0)
        .refusalFor(customer, currency, new BigDecimal(subtotal), START, taken, takenByCustomer);
  }

  /** For one customer, in won, from 10,000 on, 5 times in all and 2 times each. */
  private static Coupon narrow(int used) {
    return new Coupon(
        "C",
        DiscountType.FIXED,
        new BigDecimal("1000"),
        KRW,
        "c-1",
        new BigDecimal("10000"),
        null,
        START,
        END,
        5,
        2,
        true,
        0,
        used);
  }

  private static Coupon percent(String value) {
    return coupon(DiscountType.PERCENT, value, null);
  }

  private static Coupon coupon(DiscountType type, String value, @Nullable String most) {
    return new Coupon(
        "C",
        type,
        new BigDecimal(value),
        null,
        null,
        null,
        most == null ? null : new BigDecimal(most),
        null,
        null,
        1,
        null,
        true,
        0,
        0);
  }
}
