/**
 * Finds orders that have waited too long for what must follow from them, and reports them once
 * more.
 */
@NullMarked
package orderflow.reconcile;

import org.jspecify.annotations.NullMarked;
