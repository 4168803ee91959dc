/** Coupons: their rules, their reservation by an order and the use that follows. */
@NullMarked
package orderflow.coupon;

import org.jspecify.annotations.NullMarked;
