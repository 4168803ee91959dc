package orderflow.deadletter;

/** The result of an operator's edit of a dead letter's payload. */
public sealed interface EditResult {

  /** It is edited; its replay uses the new payload. */
  record Edited(DeadLetter letter) implements EditResult {}

  /** Another operator has edited it since the version that this one has seen. */
  record OtherVersion(DeadLetter letter) implements EditResult {}

  /** The payload belongs to a customer whose data was erased, and is not stored anew. */
  record OfErasedCustomer() implements EditResult {}

  /** It can't be edited in its state. */
  record Refused(DeadLetterResult why) implements EditResult {}
}
