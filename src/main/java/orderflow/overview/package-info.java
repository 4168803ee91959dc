/** What became of orders: how they stand and which of their effects have followed. */
@NullMarked
package orderflow.overview;

import org.jspecify.annotations.NullMarked;
