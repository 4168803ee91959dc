package orderflow.deadletter;

import orderflow.event.EventRecord;

/**
 * Gives a record to one consumer once more; if that fails again, it is filed again before this
 * returns.
 */
@FunctionalInterface
public interface Replay {

  void replay(String consumer, EventRecord record);
}
