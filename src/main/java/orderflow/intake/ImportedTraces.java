package orderflow.intake;

import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.trace.Traces;

/**
 * The traces that begin with the orders of a file. They are recorded when the file's transaction is
 * committed; one that is rolled back and tried again leaves no trace.
 */
final class ImportedTraces {

  private final Traces traces;
  private final Map<Integer, Span> spans = new LinkedHashMap<>();

  ImportedTraces(Traces traces) {
    this.traces = traces;
  }

  /** The same orders, those that are recorded with the context of their traces. */
  List<NewOrder> begin(List<NewOrder> orders) {
    List<NewOrder> traced = new ArrayList<>(orders.size());
    for (NewOrder order : orders) {
      Span span = traces.order("import order");
      if (span.isRecording()) {
        spans.put(traced.size(), span);
        traced.add(order.asRequested(order.reference(), Traces.stored(span, null)));
      } else {
        traced.add(order);
      }
    }
    return traced;
  }

  void endAfterCommit(List<PlacementResult> placements) {
    spans.forEach(
        (i, span) -> {
          if (placements.get(i) instanceof PlacementResult.Placed placed) {
            span.setAttribute("orderflow.order.id", placed.order().orderId().toString());
          }
        });
    if (spans.isEmpty()) {
      return;
    }
    AfterCommit.run(this::end);
  }

  private void end() {
    spans.values().forEach(Span::end);
  }
}
