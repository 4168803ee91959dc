/** Long work that people begin: how far it has come, and whether it goes on. */
@NullMarked
package orderflow.operation;

import org.jspecify.annotations.NullMarked;
