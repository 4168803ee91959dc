/** Points: what an order earns, and the ledger they are booked in. */
@NullMarked
package orderflow.point;

import org.jspecify.annotations.NullMarked;
