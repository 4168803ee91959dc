/** The OrderCompletedEvent as it is written, and records of order.completed as they are read. */
@NullMarked
package orderflow.event;

import org.jspecify.annotations.NullMarked;
