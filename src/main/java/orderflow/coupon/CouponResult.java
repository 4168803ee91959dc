package orderflow.coupon;

/** The result of adding a coupon. */
public sealed interface CouponResult {

  /** The coupon is stored. */
  record Added(CouponView coupon) implements CouponResult {}

  /** Another coupon has the code; nothing was stored. */
  record CodeTaken(String code) implements CouponResult {}
}
