package orderflow.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import orderflow.json.Fault;
import orderflow.json.InvalidBody;
import orderflow.order.NewOrder;
import orderflow.order.OrderReader;
import org.jspecify.annotations.Nullable;

/**
 * What a file gives as one order.
 *
 * @param order its JSON, or null if not even that could be read
 * @param faults what is wrong already
 * @param continued whether it is the rest of an order that was refused, and no order of its own
 */
record Candidate(List<Row> rows, @Nullable JsonNode order, List<Fault> faults, boolean continued) {

  /**
   * Reads the order.
   *
   * @throws InvalidBody with all faults
   */
  NewOrder read() {
    List<Fault> all = new ArrayList<>(faults);
    if (order != null) {
      try {
        NewOrder read = OrderReader.readReferenced(order);
        if (all.isEmpty()) {
          return read;
        }
      } catch (InvalidBody e) {
        all.addAll(e.faults());
      }
    }
    throw new InvalidBody(all);
  }

  /** How many bytes of the content lie before what follows it. */
  long end() {
    return rows.get(rows.size() - 1).end();
  }

  int size() {
    return rows.stream().mapToInt(row -> row.bytes().length).sum();
  }
}
