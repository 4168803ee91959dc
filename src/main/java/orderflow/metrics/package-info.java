/** What waits and what is away, for an operator's charts, alarms and load balancers. */
@NullMarked
package orderflow.metrics;

import org.jspecify.annotations.NullMarked;
