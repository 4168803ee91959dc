package orderflow.platform.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A header of a record. A record may have several of one name.
 *
 * @param value null as it may stand on the topic
 */
@SuppressWarnings("ArrayRecordComponent")
public record Header(String name, byte @Nullable [] value) {}
