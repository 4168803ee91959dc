package orderflow.fileimport;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import orderflow.order.Amount;
import orderflow.order.NewOrder;
import orderflow.order.OrderReader;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/**
 * What a file gives as one order.
 *
 * @param order its JSON, or null if not even that could be read
 * @param faults what is wrong already
 * @param continued whether it is the rest of an order that was refused, and no order of its own
 * @param skipped whether it is passed over
 * @param total what the file says it is, or null if it does not say it
 */
record ParsedOrder(
    List<SourceRow> rows,
    @Nullable JsonNode order,
    List<RowFault> faults,
    boolean continued,
    boolean skipped,
    @Nullable String total) {

  ParsedOrder(
      List<SourceRow> rows, @Nullable JsonNode order, List<RowFault> faults, boolean continued) {
    this(rows, order, faults, continued, false, null);
  }

  /** An order that is passed over. */
  static ParsedOrder skipped(List<SourceRow> rows) {
    return new ParsedOrder(rows, null, List.of(), false, true, null);
  }

  /** An order, or else why it is refused; neither if it is passed over. */
  record Reading(@Nullable NewOrder order, @Nullable Rejection rejection) {}

  /** Reads the order. Whatever its content throws is the order's own fault. */
  Reading read() {
    if (skipped) {
      return new Reading(null, null);
    }
    List<RowFault> all = new ArrayList<>(faults);
    try {
      if (order != null) {
        NewOrder read = OrderReader.readReferenced(order);
        BigDecimal ours = read.reducible().add(Amount.sum(read.charges(), read.currency()));
        if (all.isEmpty() && !isTotal(ours)) {
          all.add(
              new RowFault(
                  RowFault.ORDER,
                  new Violation("", "the file's total is " + total + ", the order's is " + ours)));
        }
        if (all.isEmpty()) {
          return new Reading(read, null);
        }
      }
    } catch (ValidationException e) {
      for (Violation fault : e.faults()) {
        if (faults.stream().noneMatch(known -> known.isAt(fault))) {
          all.add(Rejection.place(fault, rows.size()));
        }
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Reading(
          null, Rejection.of("can't be read (" + e.getClass().getSimpleName() + ")"));
    }
    return new Reading(null, Rejection.of(rows, all));
  }

  private boolean isTotal(BigDecimal ours) {
    try {
      return total == null || ours.compareTo(new BigDecimal(total)) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether a quote in it is never closed. */
  boolean endsOpen() {
    return rows.stream().anyMatch(row -> !row.closed());
  }

  /** How many bytes of the content lie before what follows it. */
  long end() {
    return rows.get(rows.size() - 1).end();
  }

  int size() {
    return rows.stream().mapToInt(row -> row.bytes().length).sum();
  }
}
