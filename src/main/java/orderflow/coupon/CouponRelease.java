package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Gives back what orders have taken of coupons. It locks the coupon first and its redemption then,
 * as the coupon consumer does.
 */
@Repository
public class CouponRelease {

  private static final int REISSUED_DIGITS = 6;
  private static final int LONGEST_CODE = 64;

  private final JdbcTemplate jdbc;
  private final Coupons coupons;

  CouponRelease(JdbcTemplate jdbc, Coupons coupons) {
    this.jdbc = jdbc;
    this.coupons = coupons;
  }

  /** What becomes of a coupon's use. */
  public enum Outcome {
    /** The order has none. */
    NONE,
    STAYS_USED,
    RELEASED,
    /** The use counts, and the customer has a coupon of their own instead. */
    REISSUED
  }

  /**
   * A use that was given back.
   *
   * @param reissued the code of the coupon given instead, if one was
   */
  public record Released(Outcome outcome, @Nullable String reissued) {}

  /** A use that an order of another system had made. */
  public record Blocked(String code, String customerId, BigDecimal discount) {}

  /** The least subtotal that a coupon asks for; null if it asks for none or is not known here. */
  public @Nullable BigDecimal minimumOf(String code) {
    return coupons.find(code).map(Coupon::minimumOrderTotal).orElse(null);
  }

  /** Locks coupons of which uses will be given back, as everyone does it: by their codes. */
  public void lock(Collection<String> codes) {
    coupons.lock(codes);
  }

  /**
   * Gives back the use that an order has taken, or its reservation. What comes of the order's event
   * afterwards uses nothing.
   *
   * @param reissue gives the customer a coupon in its stead, which is valid for as long as the used
   *     one was when it was taken; the use itself then goes on counting
   */
  public Released release(
      UUID orderId, String code, boolean reissue, UUID reversalId, Instant placed, Instant now) {
    Coupon coupon = coupons.lock(List.of(code)).get(code);
    List<Boolean> released =
        jdbc.query(
            """
            update coupon_redemption set released_at = ?, reversal_id = ?
            where order_id = ? and code = ? and released_at is null returning used_at is not null as used
            """,
            (row, n) -> row.getBoolean("used"),
            now.atOffset(ZoneOffset.UTC),
            reversalId,
            orderId,
            code);
    if (released.isEmpty() || coupon == null) {
      return new Released(Outcome.NONE, null);
    }
    if (reissue) {
      String customer =
          jdbc.queryForObject(
              "select customer_id from coupon_redemption where order_id = ?",
              String.class,
              orderId);
      // A use that was only reserved is made now: the event will not find it any more.
      if (!released.get(0)) {
        jdbc.update(
            "update coupon set reserved = reserved - 1, used = used + 1 where code = ?", code);
      }
      return new Released(
          Outcome.REISSUED, add(coupon, String.valueOf(customer), reversalId, placed, now));
    }
    jdbc.update(
        released.get(0)
            ? "update coupon set used = used - 1 where code = ?"
            : "update coupon set reserved = reserved - 1 where code = ?",
        code);
    return new Released(Outcome.RELEASED, null);
  }

  /**
   * Takes the place of a use that an event yet to come would make, or gives back the one that an
   * order of another system has made.
   *
   * @return what was given back; null if there was nothing
   */
  public @Nullable Blocked block(UUID orderId, String customerId, UUID reversalId, Instant now) {
    if (occupy(orderId, customerId, reversalId, now)) {
      return null;
    }
    Blocked use =
        jdbc
            .query(
                "select code, customer_id, discount from coupon_redemption where order_id = ? and"
                    + " code is not null",
                (row, n) ->
                    new Blocked(
                        row.getString("code"),
                        row.getString("customer_id"),
                        row.getBigDecimal("discount")),
                orderId)
            .stream()
            .findFirst()
            .orElse(null);
    return use != null
            && release(orderId, use.code, false, reversalId, now, now).outcome() == Outcome.RELEASED
        ? use
        : null;
  }

  private boolean occupy(UUID orderId, String customerId, UUID reversalId, Instant now) {
    return jdbc.update(
            """
            insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at, released_at, reversal_id)
            values (?, null, ?, 0, ?, ?, ?) on conflict (order_id) do nothing
            """,
            orderId,
            customerId,
            now.atOffset(ZoneOffset.UTC),
            now.atOffset(ZoneOffset.UTC),
            reversalId)
        == 1;
  }

  private String add(Coupon used, String customerId, UUID reversalId, Instant placed, Instant now) {
    String end =
        Long.toString(reversalId.getLeastSignificantBits() >>> 1, Character.MAX_RADIX)
            .toUpperCase(Locale.ROOT);
    String suffix = "-" + end.substring(Math.max(0, end.length() - REISSUED_DIGITS));
    String start = beginning(used.code(), LONGEST_CODE - suffix.length());
    Instant until = used.validUntil();
    Coupon coupon =
        new Coupon(
            start + suffix,
            used.type(),
            used.value(),
            used.currency(),
            customerId,
            used.minimumOrderTotal(),
            used.maximumDiscount(),
            null,
            until == null ? null : now.plus(Duration.between(placed, until)),
            1,
            null,
            true,
            0,
            0);
    if (!coupons.add(coupon, now)) {
      throw new IllegalStateException("coupon " + coupon.code() + " exists already");
    }
    return coupon.code();
  }

  /** No more than so many characters; none of them is cut in two. */
  private static String beginning(String code, int most) {
    int length = code.codePointCount(0, code.length());
    return code.substring(0, code.offsetByCodePoints(0, Math.min(length, most)));
  }
}
