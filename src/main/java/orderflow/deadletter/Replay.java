package orderflow.deadletter;

import java.util.List;
import orderflow.consumer.EventRecord;
import org.jspecify.annotations.Nullable;

/** Gives a record to one consumer once more. */
public interface Replay {

  /**
   * Returns whether the consumer is done with the record; if it failed again, the record is filed
   * again before this returns.
   */
  boolean replay(String consumer, EventRecord record);

  /**
   * Gives a record to one consumer within the transaction at hand, which the caller rolls back:
   * nothing is tried twice, and nothing is filed.
   *
   * @return why the consumer can't use the record; null if it can
   */
  @Nullable String tryOut(String consumer, EventRecord record);

  /** The consumers that this instance runs: it can replay for no other. */
  List<String> consumers();
}
