/**
 * Work that one instance at a time may do. It is a row in the database and hangs on no connection,
 * so an instance that is frozen or cut off loses it after some seconds.
 */
@NullMarked
package orderflow.platform.lease;

import org.jspecify.annotations.NullMarked;
