/**
 * What an order is: its values, the rules that make one acceptable, and the one way into the
 * database.
 */
@NullMarked
package orderflow.order;

import org.jspecify.annotations.NullMarked;
