/** Takes in the bodies of requests without a thread for each that is on its way. */
@NullMarked
package orderflow.body;

import org.jspecify.annotations.NullMarked;
