package orderflow.reversal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.coupon.CouponRelease;
import orderflow.order.OrderStatus;
import orderflow.point.PointReversals;
import org.jspecify.annotations.Nullable;

/**
 * All that a reversal does, as a preview says it and as the reversal does it. Amounts have the
 * decimals of the order's currency.
 *
 * @param reversalId null in a preview
 * @param currency of all amounts
 * @param warnings sentences for the one who decides
 * @param createdAt null in a preview
 */
public record ReversalPlan(
    @Nullable UUID reversalId,
    UUID orderId,
    ReversalKind kind,
    ReversalRequest.@Nullable Reason reason,
    String currency,
    List<Item> items,
    Refund refund,
    Points points,
    Coupon coupon,
    Mail mail,
    Order order,
    List<String> warnings,
    @Nullable Instant createdAt) {

  /** A plan that was written as JSON, by this version or one before. */
  public static ReversalPlan of(JsonNode json) {
    return ReversalJson.plan(json);
  }

  /**
   * @param listPrice of the units, before reductions
   * @param discountShare of the reductions, what the units bear
   * @param refund what the units were paid with
   */
  public record Item(
      int position,
      @Nullable String sku,
      int quantity,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal listPrice,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discountShare,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund) {}

  /**
   * @param maximum that could be refunded before
   * @param charges the part of the amount that is for charges
   */
  public record Refund(
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal maximum,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal charges,
      RefundState state,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reference,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant at,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detail) {}

  /**
   * @param earned by the order, as booked
   * @param keeps after this reversal
   * @param reversed by it
   * @param debt the part of {@code reversed} that the customer had not any more
   * @param spentReturned points that were spent on the order and come back
   */
  public record Points(
      long earned, long keeps, long reversed, From from, long debt, long spentReturned) {

    /**
     * @param change null if nothing was taken back
     */
    static Points of(
        PointReversals.Booked booked, long keeps, PointReversals.@Nullable Change change) {
      long reversed = change == null ? 0 : change.reversed();
      long debt = change == null ? 0 : change.debt();
      return new Points(booked.points(), keeps, reversed, new From(reversed - debt, 0), debt, 0);
    }
  }

  /**
   * Where the points that are taken back come from.
   *
   * @param sameOrder what this order had earned
   * @param otherLots what other orders had earned
   */
  public record From(long sameOrder, long otherLots) {}

  /**
   * @param code null if the order has none
   * @param belowMinimum whether what is kept is worth less than the coupon asks for
   * @param repriced the refund if what is kept is charged without the discount; null if it is not
   *     below the minimum
   * @param reissued the code of the coupon that the customer gets instead
   */
  public record Coupon(
      @Nullable String code,
      CouponRelease.Outcome outcome,
      boolean belowMinimum,
      @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal repriced,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reissued) {}

  /**
   * @param kind null if none is sent
   */
  public record Mail(@Nullable String kind, String outcome) {}

  /** The order as it stands after the reversal. */
  public record Order(OrderStatus status, int version, Remaining remaining) {}

  /** What is left of the order's amounts. */
  public record Remaining(
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal subtotal,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discount,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal total) {}
}
