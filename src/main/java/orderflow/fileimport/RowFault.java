package orderflow.fileimport;

import orderflow.platform.json.Violation;

/**
 * What is wrong with one row of an order.
 *
 * @param row its index among the order's rows, or {@link #ORDER}
 */
record RowFault(int row, Violation fault) {

  /** Stands for the order as a whole. */
  static final int ORDER = -1;

  /** Whether another fault is about the same value. */
  boolean isAt(Violation other) {
    return !fault.pointer().isEmpty() && fault.pointer().equals(other.pointer());
  }
}
