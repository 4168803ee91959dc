/**
 * The operators' console: pages that show and do what the API shows and does, over the same beans
 * and with the same roles.
 */
@NullMarked
package orderflow.console;

import org.jspecify.annotations.NullMarked;
