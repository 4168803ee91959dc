/**
 * What happens around the start: wrong settings are refused in one line, a database not there yet
 * is waited for, and the operator is told where everything is.
 */
@NullMarked
package orderflow.platform.startup;

import org.jspecify.annotations.NullMarked;
