package orderflow.deadletter;

/** The result of an operator's request to replay or discard a dead letter. */
public enum DeadLetterResult {
  /** The request was accepted. */
  DONE,
  /** There is no such dead letter. */
  UNKNOWN,
  /** It was replayed or discarded before. */
  SETTLED,
  /** Its replay is running and may have its effect at any moment. */
  REPLAYING
}
