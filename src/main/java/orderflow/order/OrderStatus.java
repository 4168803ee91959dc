package orderflow.order;

/** How an order stands. */
public enum OrderStatus {
  COMPLETED,
  PARTIALLY_RETURNED,
  RETURNED,
  CANCELLED;

  /** Whether nothing of the order is kept. */
  public boolean isFinal() {
    return this == RETURNED || this == CANCELLED;
  }
}
