/** How routes use Camel: HTTP endpoints, Kafka clients and JDBC, beyond what its components do. */
@NullMarked
package orderflow.platform.camel;

import org.jspecify.annotations.NullMarked;
