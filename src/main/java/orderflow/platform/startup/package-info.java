/**
 * What happens around the start: wrong settings are refused in one line each, a database not there
 * yet is waited for, and the log says where everything is.
 */
@NullMarked
package orderflow.platform.startup;

import org.jspecify.annotations.NullMarked;
