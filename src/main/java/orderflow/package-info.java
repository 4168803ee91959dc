/**
 * Orderflow takes orders over HTTP and from files and sees to it that points, coupons and mails
 * follow.
 */
@NullMarked
package orderflow;

import org.jspecify.annotations.NullMarked;
