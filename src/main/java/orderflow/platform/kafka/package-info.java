/** The brokers, and what is the same for every record. */
@NullMarked
package orderflow.platform.kafka;

import org.jspecify.annotations.NullMarked;
