package orderflow.coupon;

/** The result of adding or changing a coupon. */
public sealed interface CouponResult {

  /** The coupon is stored. */
  record Added(CouponView coupon) implements CouponResult {}

  /** The coupon is as it was asked to be. */
  record Changed(CouponView coupon) implements CouponResult {}

  /** No coupon has the code. */
  record Unknown() implements CouponResult {}

  /** More uses than the limit are reserved or made; nothing was changed. */
  record LimitBelowUses(int uses) implements CouponResult {}

  /** It would end before it begins; nothing was changed. */
  record EndsBeforeItBegins() implements CouponResult {}

  /** Another coupon has the code; nothing was stored. */
  record CodeTaken(String code) implements CouponResult {}
}
