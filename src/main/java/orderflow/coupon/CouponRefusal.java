package orderflow.coupon;

/** Why a coupon can't be used for an order. */
public enum CouponRefusal {
  UNKNOWN,
  NOT_STARTED,
  EXPIRED,
  EXHAUSTED,
  OTHER_CUSTOMER,
  CUSTOMER_LIMIT,
  BELOW_MINIMUM,
  OTHER_CURRENCY,
  DISABLED
}
