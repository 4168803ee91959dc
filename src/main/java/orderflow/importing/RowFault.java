package orderflow.importing;

import orderflow.json.Fault;

/**
 * What is wrong with one row of an order.
 *
 * @param row its index among the order's rows, or {@link #ORDER}
 */
record RowFault(int row, Fault fault) {

  /** Stands for the order as a whole. */
  static final int ORDER = -1;
}
