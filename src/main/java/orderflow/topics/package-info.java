/** The Kafka topics that must be there. */
@NullMarked
package orderflow.topics;

import org.jspecify.annotations.NullMarked;
