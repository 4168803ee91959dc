/** Orderflow takes orders over HTTP and from files and makes points, coupons and mails follow. */
@NullMarked
package orderflow;

import org.jspecify.annotations.NullMarked;
