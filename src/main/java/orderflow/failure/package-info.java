/** Tells the three kinds of failure apart. */
@NullMarked
package orderflow.failure;

import org.jspecify.annotations.NullMarked;
