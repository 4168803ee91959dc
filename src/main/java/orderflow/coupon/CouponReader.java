package orderflow.coupon;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.Set;
import orderflow.coupon.Coupon.DiscountType;
import orderflow.order.OrderRules;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.TextRule;
import org.jspecify.annotations.Nullable;

/** Reads a new coupon's JSON and holds it against every rule. Unknown fields are refused. */
public final class CouponReader {

  private static final Set<String> COUPON =
      Set.of(
          "code",
          "discount",
          "currency",
          "customerId",
          "minimumOrderTotal",
          "maximumDiscount",
          "validFrom",
          "validUntil",
          "usageLimit",
          "perCustomerLimit");
  private static final Set<String> CHANGE = Set.of("enabled", "validUntil", "usageLimit");
  private static final Set<String> DISCOUNT = Set.of("type", "value");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int MOST_USES = 1_000_000_000;

  private static final TextRule TYPE =
      new TextRule("must be PERCENT or FIXED", t -> t.equals("PERCENT") || t.equals("FIXED"));
  private static final TextRule TIME =
      new TextRule(
          "must be a time such as 2026-11-22T05:00:00Z, in the years 1970 to 9999",
          t -> time(t) != null);

  private CouponReader() {}

  private record Discount(DiscountType type, BigDecimal value) {}

  /**
   * Reads the body of {@code POST /api/coupons}.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  @SuppressWarnings("NullAway") // check() throws if code or discount is null
  public static Coupon read(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, COUPON);
    String code = body.text("code", OrderRules.COUPON_CODE);
    String currencyCode = body.optionalText("currency", OrderRules.CURRENCY);
    Currency currency = currencyCode == null ? null : OrderRules.currency(currencyCode);
    Discount discount = body.object("discount", DISCOUNT, inner -> discount(inner, currency));
    if (discount != null && discount.type == DiscountType.FIXED && !body.has("currency")) {
      body.fault("currency", "is required for a FIXED discount");
    }
    String customerId = body.optionalText("customerId", OrderRules.CUSTOMER);
    BigDecimal minimumOrderTotal = amount(body, "minimumOrderTotal", currency);
    BigDecimal maximumDiscount = amount(body, "maximumDiscount", currency);
    Instant validFrom = time(body.optionalText("validFrom", TIME));
    Instant validUntil = time(body.optionalText("validUntil", TIME));
    if (validFrom != null && validUntil != null && !validFrom.isBefore(validUntil)) {
      body.fault("validUntil", "must be after validFrom");
    }
    Integer usageLimit = usageLimit(json, body);
    Integer perCustomerLimit = body.optionalInteger("perCustomerLimit", 1, MOST_USES);
    body.check();
    return new Coupon(
        code,
        discount.type,
        discount.value,
        currency,
        customerId,
        minimumOrderTotal,
        maximumDiscount,
        validFrom,
        validUntil,
        usageLimit == null ? 1 : usageLimit,
        perCustomerLimit,
        true,
        0,
        0);
  }

  /**
   * Reads the body of {@code PATCH /api/coupons/{code}}. What is not there stays as it is; an end
   * of null is none.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static CouponChange readChange(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, CHANGE);
    JsonNode enabled = json.get("enabled");
    if (enabled != null && !enabled.isBoolean()) {
      body.fault("enabled", "must be true or false");
    }
    Instant validUntil = time(body.optionalText("validUntil", TIME));
    Integer usageLimit = usageLimit(json, body);
    body.check();
    return new CouponChange(
        enabled == null ? null : enabled.booleanValue(),
        json.has("validUntil"),
        validUntil,
        usageLimit);
  }

  /** Null could be meant as no limit, or as none given, which is 1: better to ask. */
  private static @Nullable Integer usageLimit(JsonNode json, JsonObjectReader body) {
    if (json.path("usageLimit").isNull()) {
      body.fault(
          "usageLimit",
          "must not be null: a coupon always has a limit (leave it out for 1, or send up to "
              + MOST_USES
              + ")");
      return null;
    }
    return body.optionalInteger("usageLimit", 1, MOST_USES);
  }

  private static @Nullable Discount discount(JsonObjectReader body, @Nullable Currency currency) {
    String type = body.text("type", TYPE);
    BigDecimal value = body.decimal("value");
    if (type == null || value == null) {
      return null;
    }
    if (value.signum() <= 0) {
      body.fault("value", "must be over 0");
    } else if (type.equals("PERCENT") && value.compareTo(HUNDRED) > 0) {
      body.fault("value", "must be at most 100");
    } else if (type.equals("FIXED")) {
      checkAmount(body, "value", value, currency);
    }
    return new Discount(DiscountType.valueOf(type), value);
  }

  private static @Nullable BigDecimal amount(
      JsonObjectReader body, String field, @Nullable Currency currency) {
    BigDecimal amount = body.optionalDecimal(field);
    if (amount != null) {
      checkAmount(body, field, amount, currency);
    }
    return amount;
  }

  private static void checkAmount(
      JsonObjectReader body, String field, BigDecimal amount, @Nullable Currency currency) {
    String fault = OrderRules.faultOf(amount, currency);
    if (fault != null) {
      body.fault(field, fault);
    }
  }

  /** With the database's precision, so that what is answered now is what is found later. */
  private static @Nullable Instant time(@Nullable String text) {
    try {
      OffsetDateTime time = text == null ? null : OffsetDateTime.parse(text);
      return time == null || time.getYear() < 1970 || time.getYear() > 9999
          ? null
          : time.toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
