package orderflow.fileimport;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import orderflow.order.NewOrder;
import orderflow.order.OrderReader;
import orderflow.platform.json.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * What a file gives as one order.
 *
 * @param order its JSON, or null if not even that could be read
 * @param faults what is wrong already
 * @param continued whether it is the rest of an order that was refused, and no order of its own
 */
record ParsedOrder(
    List<SourceRow> rows, @Nullable JsonNode order, List<RowFault> faults, boolean continued) {

  /** An order, or else why it is refused. */
  record Reading(@Nullable NewOrder order, @Nullable Rejection rejection) {}

  /** Reads the order. Whatever its content throws is the order's own fault. */
  Reading read() {
    List<RowFault> all = new ArrayList<>(faults);
    try {
      if (order != null) {
        NewOrder read = OrderReader.readReferenced(order);
        if (all.isEmpty()) {
          return new Reading(read, null);
        }
      }
    } catch (ValidationException e) {
      e.faults().forEach(fault -> all.add(Rejection.place(fault, rows.size())));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Reading(
          null, Rejection.of("can't be read (" + e.getClass().getSimpleName() + ")"));
    }
    return new Reading(null, Rejection.of(rows, all));
  }

  /** How many bytes of the content lie before what follows it. */
  long end() {
    return rows.get(rows.size() - 1).end();
  }

  int size() {
    return rows.stream().mapToInt(row -> row.bytes().length).sum();
  }
}
