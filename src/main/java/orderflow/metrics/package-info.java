/** What waits, as numbers for an operator's charts and alarms. */
@NullMarked
package orderflow.metrics;

import org.jspecify.annotations.NullMarked;
