package orderflow.intake;

import orderflow.coupon.CouponRefusal;
import orderflow.order.OrderSummary;

/** What became of an order that was to be placed. */
public sealed interface PlacementResult {

  /** It is on disk, with its coupon reserved and its event waiting to be published. */
  record Placed(OrderSummary order) implements PlacementResult {}

  /**
   * Its reference was there already, with the same content: that order stands, nothing was done.
   */
  record Replayed(OrderSummary order) implements PlacementResult {}

  /** Its reference belongs to an order with other content. */
  record ReferenceReused(String reference) implements PlacementResult {}

  /** Its discounts, with the coupon's, are more than the subtotal; the reference stays free. */
  record OverSubtotal() implements PlacementResult {}

  /** Its coupon can't be used; the reference stays free. */
  record CouponNotRedeemable(String couponCode, CouponRefusal reason) implements PlacementResult {}
}
