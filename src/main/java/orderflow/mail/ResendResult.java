package orderflow.mail;

/** The result of an operator's request to send a confirmation once more. */
public enum ResendResult {
  QUEUED,
  /**
   * There is no such order, or no address: the order had none, or its customer's data is erased.
   */
  NO_ADDRESS,
  /** The order was cancelled, so that it gets no confirmation. */
  ORDER_CANCELLED
}
