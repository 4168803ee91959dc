package orderflow.reversal;

/** The ways to take an order back. */
public enum ReversalKind {
  /** All of an order of which nothing has been returned. */
  CANCEL,
  /** Some or all of its items. */
  RETURN,
  /** Money alone. */
  GOODWILL
}
