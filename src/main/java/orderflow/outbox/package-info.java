/**
 * Records on their way to Kafka: saved with what they tell of, published once the broker is there.
 */
@NullMarked
package orderflow.outbox;

import org.jspecify.annotations.NullMarked;
