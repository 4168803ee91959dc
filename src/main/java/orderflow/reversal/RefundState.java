package orderflow.reversal;

/** How far the refund of a reversal has come. The money itself is moved elsewhere. */
public enum RefundState {
  /** Nothing is to be refunded. */
  NONE,
  DUE,
  SETTLED,
  /** The payment failed; it is tried again or given another way. */
  FAILED
}
