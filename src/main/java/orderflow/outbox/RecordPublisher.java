package orderflow.outbox;

import org.jspecify.annotations.Nullable;

/** Sends records to Kafka. */
@FunctionalInterface
public interface RecordPublisher {

  /**
   * Sends a record. Those of one topic and key reach the broker in the order in which they are
   * sent. It may wait until the topic's partitions are known, and then answers before it returns if
   * they are not.
   *
   * @param result receives the answer, once, on any thread
   */
  void publish(OutboxRecord record, Result result);

  /** Receives what became of a record. */
  @FunctionalInterface
  interface Result {

    /**
     * The broker has it, or why it has not.
     *
     * @param failure null if the broker has the record on disk
     */
    void answered(@Nullable Throwable failure);
  }
}
