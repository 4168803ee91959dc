package orderflow.outbox;

import java.util.List;

/** Sends records to Kafka. */
@FunctionalInterface
public interface RecordPublisher {

  /**
   * Sends all of them, in their order for each key, and returns when the broker has every one on
   * disk.
   */
  void publish(List<OutboxRecord> records);
}
