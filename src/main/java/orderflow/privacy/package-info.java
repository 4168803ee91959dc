/** Erases what is personal about a customer. */
@NullMarked
package orderflow.privacy;

import org.jspecify.annotations.NullMarked;
