/**
 * Finds orders that have waited too long for what must follow from them, and tells of them once
 * more.
 */
@NullMarked
package orderflow.reconcile;

import org.jspecify.annotations.NullMarked;
