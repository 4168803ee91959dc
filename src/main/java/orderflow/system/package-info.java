/** What this installation is made of: instances, versions, topics, and settings of its own. */
@NullMarked
package orderflow.system;

import org.jspecify.annotations.NullMarked;
