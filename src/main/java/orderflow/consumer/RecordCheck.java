package orderflow.consumer;

/** Looks at what a consumer's effect leads to later on, before a record is replayed. */
public interface RecordCheck {

  /** The consumer whose records it looks at. */
  String consumer();

  /**
   * Looks at a record that the consumer can read, and says in a few words what it has found.
   *
   * @throws InvalidEvent if it would come to nothing
   */
  String check(EventRecord record);
}
