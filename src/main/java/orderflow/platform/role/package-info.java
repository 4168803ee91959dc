/** What an instance does, where several share the work. */
@NullMarked
package orderflow.platform.role;

import org.jspecify.annotations.NullMarked;
