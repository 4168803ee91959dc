/**
 * The one way in: orders, their coupon reservations and their events, together in one transaction.
 */
@NullMarked
package orderflow.intake;

import org.jspecify.annotations.NullMarked;
