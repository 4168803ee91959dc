/** The interfaces' documents, as a page. */
@NullMarked
package orderflow.docs;

import org.jspecify.annotations.NullMarked;
