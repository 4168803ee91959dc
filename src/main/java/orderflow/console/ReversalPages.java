package orderflow.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.order.OrderRules;
import orderflow.overview.OrderView;
import orderflow.overview.Orders;
import orderflow.platform.json.ValidationException;
import orderflow.platform.security.Role;
import orderflow.reversal.ReversalPlan;
import orderflow.reversal.ReversalRequest;
import orderflow.reversal.ReversalResult;
import orderflow.reversal.Reversals;
import orderflow.reversal.SupportLimits;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Taking an order back, in three steps at one address: a form, what it would do, and the act. The
 * form bears the identity of the act from the start, and the second page the order's version, so
 * that what is sent twice is done once, and what was previewed is what is done.
 */
@RestController
class ReversalPages {

  private static final ApiCall PREVIEW = ApiCall.post("/api/orders/{orderId}/reversals/preview");

  /** What the pages add to what was typed. */
  private static final List<String> OWN_FIELDS = List.of("csrf", "step", "key", "version");

  private final Console console;
  private final Orders orders;
  private final Reversals reversals;
  private final SupportLimits limits;

  ReversalPages(Console console, Orders orders, Reversals reversals, SupportLimits limits) {
    this.console = console;
    this.orders = orders;
    this.reversals = reversals;
    this.limits = limits;
  }

  @GetMapping("/console/orders/{orderId}/{act:cancel|returns|goodwill}")
  ResponseEntity<String> ask(HttpServletRequest request, @PathVariable String act)
      throws Exception {
    ReversalForm way = ReversalForm.of(act);
    return console.open(
        request,
        way.call(),
        visit -> {
          OrderView order = visit.found(orders.find(visit.api().uuid("orderId")));
          return form(way, order, Map.of("notify", "on"), newKey());
        });
  }

  @PostMapping("/console/orders/{orderId}/{act:cancel|returns|goodwill}")
  ResponseEntity<String> go(HttpServletRequest request, @PathVariable String act) throws Exception {
    ReversalForm way = ReversalForm.of(act);
    return console.open(request, way.call(), visit -> go(visit, way));
  }

  private Answer go(Visit visit, ReversalForm way) {
    OrderView order = visit.found(orders.find(visit.api().uuid("orderId")));
    Form form = visit.form();
    String key = OrderRules.REFERENCE.allows(form.get("key")) ? form.get("key") : newKey();
    Map<String, String> typed = new LinkedHashMap<>(form.fields());
    OWN_FIELDS.forEach(typed::remove);
    if (form.get("step").equals("edit")) {
      return form(way, order, typed, key);
    }
    int items = order.items().size();
    ObjectNode body = way.body(form, items);
    try {
      ReversalRequest request = way.request(body);
      Integer version = form.get("step").equals("do") ? version(form) : null;
      if (version != null) {
        ReversalResult result =
            reversals.reverse(
                order.order().orderId(),
                request,
                new Reversals.Command(key, version, visit.actor(), isLimited(visit)));
        if (result instanceof ReversalResult.Done) {
          return new Answer.Go(place(order) + "?done=" + way.word());
        }
        note(visit, result);
        if (!(result instanceof ReversalResult.OtherVersion)) {
          return form(
              way, order, typed, result instanceof ReversalResult.ReferenceTaken ? newKey() : key);
        }
      }
      Reversals.Preview preview =
          reversals.preview(order.order().orderId(), request, visit.actor());
      Integer current = preview.version();
      if (preview.result() instanceof ReversalResult.Done plan && current != null) {
        Answer.View view =
            sure(visit, way, order, ReversalPlan.of(plan.plan()), current, typed, key)
                .withCurl(
                    PREVIEW
                        .at(order.order().orderId())
                        .body(body.deepCopy().put("kind", way.kind().name())))
                .withCurl(
                    way.call()
                        .at(order.order().orderId())
                        .header("Idempotency-Key", key)
                        .header("If-Match", "\"" + current + "\"")
                        .body(body));
        return version == null ? view : view.withStatus(412);
      }
      note(visit, preview.result());
    } catch (ValidationException e) {
      way.note(visit, e, items);
    }
    return form(way, order, typed, key);
  }

  private static Answer.View form(
      ReversalForm way, OrderView order, Map<String, String> typed, String key) {
    return Answer.View.of("reversal-form")
        .with("way", way.word())
        .with("order", order.order())
        .with("items", order.items())
        .with("refundable", order.order().total().subtract(order.refunded()))
        .with("typed", typed)
        .with("key", key)
        .with("reasons", ReversalRequest.Reason.values())
        .with("couponPolicies", ReversalRequest.CouponPolicy.values())
        .with("shortfalls", ReversalRequest.Shortfall.values())
        .withCurl(PREVIEW.at(order.order().orderId()).body(example(way)));
  }

  private static String example(ReversalForm way) {
    return switch (way) {
      case CANCEL -> "{\"kind\":\"CANCEL\"}";
      case RETURNS -> "{\"kind\":\"RETURN\",\"items\":[{\"position\":0,\"quantity\":1}]}";
      case GOODWILL -> "{\"kind\":\"GOODWILL\",\"amount\":\"5000\"}";
    };
  }

  /** What would be done. Whether the visitor may refund so much is said before they try. */
  private Answer.View sure(
      Visit visit,
      ReversalForm way,
      OrderView order,
      ReversalPlan plan,
      int version,
      Map<String, String> typed,
      String key) {
    BigDecimal limit = limits.of(plan.currency());
    boolean isOver =
        isLimited(visit) && order.refunded().add(plan.refund().amount()).compareTo(limit) > 0;
    return Answer.View.of("reversal-sure")
        .with("way", way.word())
        .with("order", order.order())
        .with("items", order.items())
        .with("plan", plan)
        .with("limit", isOver ? limit : null)
        .with("version", version)
        .with("typed", typed)
        .with("key", key);
  }

  private static void note(Visit visit, ReversalResult result) {
    String value =
        result instanceof ReversalResult.OverLimit over
            ? over.limit().toPlainString()
            : result instanceof ReversalResult.RefundOverTotal over
                ? over.maximum().toPlainString()
                : "";
    if (result instanceof ReversalResult.Unknown) {
      visit.found(Optional.empty());
    }
    visit.fault("", visit.text("reversal-" + result.getClass().getSimpleName(), value));
  }

  private static boolean isLimited(Visit visit) {
    return !visit.api().may(Role.OPERATOR);
  }

  private static @Nullable Integer version(Form form) {
    String version = form.get("version");
    return version.matches("[0-9]{1,9}") ? Integer.valueOf(version) : null;
  }

  private static String newKey() {
    return UUID.randomUUID().toString();
  }

  private static String place(OrderView order) {
    return "/console/orders/" + order.order().orderId();
  }
}
