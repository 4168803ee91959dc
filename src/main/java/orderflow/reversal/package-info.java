/**
 * The way back: cancellations, returns and goodwill, each settled with its points, coupon, mail and
 * events in one transaction, and the refunds that are due for them.
 */
@NullMarked
package orderflow.reversal;

import org.jspecify.annotations.NullMarked;
