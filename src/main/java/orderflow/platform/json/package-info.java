/** Reads JSON bodies so that every fault in them is found at once and reported with its place. */
@NullMarked
package orderflow.platform.json;

import org.jspecify.annotations.NullMarked;
