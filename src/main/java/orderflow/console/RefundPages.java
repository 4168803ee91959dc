package orderflow.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.overview.OrderView;
import orderflow.overview.Orders;
import orderflow.platform.http.Page;
import orderflow.platform.json.ValidationException;
import orderflow.reversal.RefundReader;
import orderflow.reversal.RefundState;
import orderflow.reversal.Refunds;
import orderflow.reversal.ReversalPlan;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was taken back, and what became of the money that is owed for it. */
@RestController
class RefundPages {

  private static final ApiCall LIST = ApiCall.get("/api/reversals");
  private static final ApiCall SHOW = ApiCall.get("/api/reversals/{id}");

  static final ApiCall REPORT = ApiCall.post("/api/reversals/{id}/refund");

  private final Console console;
  private final Refunds refunds;
  private final Orders orders;

  RefundPages(Console console, Refunds refunds, Orders orders) {
    this.console = console;
    this.refunds = refunds;
    this.orders = orders;
  }

  @GetMapping("/console/reversals")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(request, LIST, this::list);
  }

  private Answer list(Visit visit) {
    RefundState state = visit.param("refundState", RefundState.class);
    Instant from = visit.time("from");
    Instant to = visit.time("to");
    String cursor = visit.param("cursor");
    Page<ReversalPlan> page =
        visit.faults().isEmpty()
            ? refunds.list(state, from, to, Visit.PAGE, cursor).map(ReversalPlan::of)
            : new Page<>(List.of(), null);
    Map<String, @Nullable String> query = new LinkedHashMap<>();
    query.put("refundState", Visit.name(state));
    query.put("from", from == null ? null : from.toString());
    query.put("to", to == null ? null : to.toString());
    query.put("cursor", cursor);
    return Answer.View.of("reversals")
        .with("reversals", page.entries())
        .with("next", visit.next(page))
        .with("state", Visit.name(state))
        .with("states", Visit.names(RefundState.class))
        .with("from", visit.param("from"))
        .with("to", visit.param("to"))
        .with("filtered", state != null || from != null || to != null)
        .withCurl(LIST.at().query(query));
  }

  @GetMapping("/console/reversals/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, visit -> show(visit, Map.of()));
  }

  private Answer.View show(Visit visit, Map<String, String> typed) {
    UUID id = visit.api().uuid("id");
    ReversalPlan plan = ReversalPlan.of(visit.found(refunds.find(id)));
    // An order of another system may not be here.
    Optional<OrderView> order = orders.find(plan.orderId());
    RefundState state = plan.refund().state();
    boolean isOpen = state == RefundState.DUE || state == RefundState.FAILED;
    Answer.View view =
        Answer.View.of("reversal")
            .with("plan", plan)
            .with("order", order.map(OrderView::order).orElse(null))
            .with("items", order.map(OrderView::items).orElse(List.of()))
            .with("typed", typed)
            .with("mayReport", isOpen && visit.may(REPORT))
            .withCurl(SHOW.at(id));
    return isOpen
        ? view.withCurl(REPORT.at(id).body("{\"state\":\"SETTLED\",\"reference\":\"pay-7741\"}"))
        : view;
  }

  /** The same report twice is one, so that it asks for no confirmation. */
  @PostMapping("/console/reversals/{id}/refund")
  ResponseEntity<String> report(HttpServletRequest request) throws Exception {
    return console.open(request, REPORT, this::report);
  }

  private Answer report(Visit visit) {
    UUID id = visit.api().uuid("id");
    Form form = visit.form();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (String name : List.of("state", "reference", "detail")) {
      Form.putText(body, name, form.get(name));
    }
    try {
      Refunds.Result result = refunds.report(id, RefundReader.read(body), visit.actor());
      if (result == Refunds.Result.NOTED) {
        return new Answer.Go("/console/reversals/" + id + "?done=refund");
      }
      if (result == Refunds.Result.SETTLED) {
        visit.fault("", visit.text("refund-settled"));
      }
    } catch (ValidationException e) {
      visit.note(e);
    }
    return show(visit, form.fields());
  }
}
