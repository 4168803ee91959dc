/** Small things that statements share. */
@NullMarked
package orderflow.sql;

import org.jspecify.annotations.NullMarked;
