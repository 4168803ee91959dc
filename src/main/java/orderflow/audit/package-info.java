/** Who did what: an append-only record of the acts that change what others rely on. */
@NullMarked
package orderflow.audit;

import org.jspecify.annotations.NullMarked;
