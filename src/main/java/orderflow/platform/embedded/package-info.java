/**
 * A real PostgreSQL, a real Kafka and an SMTP mailbox on this machine, each for as long as no
 * address of a server elsewhere is configured.
 */
@NullMarked
package orderflow.platform.embedded;

import org.jspecify.annotations.NullMarked;
