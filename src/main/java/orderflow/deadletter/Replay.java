package orderflow.deadletter;

import orderflow.consumer.EventRecord;

/** Gives a record to one consumer once more. */
@FunctionalInterface
public interface Replay {

  /**
   * Returns whether the consumer is done with the record; if it failed again, the record is filed
   * again before this returns.
   */
  boolean replay(String consumer, EventRecord record);
}
