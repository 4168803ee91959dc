/** Tries again what fails: what can pass and what can not, pauses, and what the log says. */
@NullMarked
package orderflow.platform.retry;

import org.jspecify.annotations.NullMarked;
