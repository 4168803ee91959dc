/**
 * The file drop: files put into the inbox become orders, each file once and each order once,
 * whatever dies in between; what is refused comes back as a file to be corrected.
 */
@NullMarked
package orderflow.fileimport;

import org.jspecify.annotations.NullMarked;
