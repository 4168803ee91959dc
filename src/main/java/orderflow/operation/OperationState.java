package orderflow.operation;

/** What has become of an operation. */
public enum OperationState {
  RUNNING,
  PAUSED,
  DONE,
  /** What was under way when it was cancelled still ends. */
  CANCELLED,
  /** It has met more failures than it was to bear. */
  FAILED;

  /** Whether nothing of it begins any more. */
  boolean isFinal() {
    return this != RUNNING && this != PAUSED;
  }
}
