/** What goes wrong in a request, as RFC 9457 problem details with stable types. */
@NullMarked
package orderflow.problem;

import org.jspecify.annotations.NullMarked;
