package orderflow.operation;

/** The result of a wish to pause, resume or cancel an operation. */
public enum OperationResult {
  DONE,
  UNKNOWN,
  /** It is done, cancelled or failed. */
  ENDED,
  /** It is of a kind that can't be cancelled. */
  NOT_CANCELLABLE
}
