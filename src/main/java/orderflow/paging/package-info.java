/**
 * Long lists, a page at a time: each page says where the next one begins, so that what is added
 * meanwhile moves nothing.
 */
@NullMarked
package orderflow.paging;

import org.jspecify.annotations.NullMarked;
