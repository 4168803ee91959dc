/** Work that runs by itself: woken when there is something to do, with a slow poll behind it. */
@NullMarked
package orderflow.background;

import org.jspecify.annotations.NullMarked;
