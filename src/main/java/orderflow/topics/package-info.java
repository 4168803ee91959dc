/** The Kafka topics that must be there, and how far they have been read. */
@NullMarked
package orderflow.topics;

import org.jspecify.annotations.NullMarked;
