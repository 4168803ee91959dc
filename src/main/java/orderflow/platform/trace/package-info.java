/** Traces of OpenTelemetry: which are recorded, and where they go. */
@NullMarked
package orderflow.platform.trace;

import org.jspecify.annotations.NullMarked;
