/** What consumers gave up on: filed, reported, and replayed when an operator asks for it. */
@NullMarked
package orderflow.deadletter;

import org.jspecify.annotations.NullMarked;
