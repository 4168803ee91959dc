package orderflow.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** What was typed, and the identity that its form was given. */
  private record Asked(ReversalForm way, OrderView order, Map<String, String> typed, String key) {

    UUID orderId() {
      return order.order().orderId();
    }

    /** The same as another act. */
    Asked anew() {
      return new Asked(way, order, typed, newKey());
    }
  }

  @GetMapping("/console/orders/{orderId}/{act:cancel|returns|goodwill}")
  ResponseEntity<String> ask(HttpServletRequest request, @PathVariable String act)
      throws Exception {
    ReversalForm way = ReversalForm.of(act);
    return console.open(
        request,
        way.call(),
        visit -> form(new Asked(way, order(visit), Map.of("notify", "on"), newKey())));
  }

  @PostMapping("/console/orders/{orderId}/{act:cancel|returns|goodwill}")
  ResponseEntity<String> go(HttpServletRequest request, @PathVariable String act) throws Exception {
    ReversalForm way = ReversalForm.of(act);
    return console.open(request, way.call(), visit -> go(visit, way));
  }

  private Answer go(Visit visit, ReversalForm way) {
    Form form = visit.form();
    Map<String, String> typed = new LinkedHashMap<>(form.fields());
    OWN_FIELDS.forEach(typed::remove);
    String key = form.get("key");
    Asked asked =
        new Asked(way, order(visit), typed, OrderRules.REFERENCE.allows(key) ? key : newKey());
    if (form.get("step").equals("edit")) {
      return form(asked);
    }
    int items = asked.order().items().size();
    ObjectNode body = way.body(form, items);
    try {
      ReversalRequest request = way.request(body);
      Integer version = form.get("step").equals("do") ? form.number("version") : null;
      Answer done = version == null ? null : act(visit, asked, request, version);
      return done == null ? preview(visit, asked, request, body) : done;
    } catch (ValidationException e) {
      way.note(visit, e, items);
      return form(asked);
    }
  }

  /**
   * Takes the order back.
   *
   * @return null if the order has changed since its preview, so that a new one is due
   */
  private @Nullable Answer act(Visit visit, Asked asked, ReversalRequest request, Integer version) {
    ReversalResult result =
        reversals.reverse(
            asked.orderId(),
            request,
            new Reversals.Command(asked.key(), Set.of(version), visit.actor(), isLimited(visit)));
    if (result instanceof ReversalResult.Done) {
      return new Answer.Go("/console/orders/" + asked.orderId() + "?done=" + asked.way().word());
    }
    note(visit, result);
    if (result instanceof ReversalResult.OtherVersion) {
      return null;
    }
    return form(result instanceof ReversalResult.ReferenceTaken ? asked.anew() : asked);
  }

  private Answer preview(Visit visit, Asked asked, ReversalRequest request, ObjectNode body) {
    Reversals.Preview preview = reversals.preview(asked.orderId(), request, visit.actor());
    Integer version = preview.version();
    if (version == null || !(preview.result() instanceof ReversalResult.Done done)) {
      note(visit, preview.result());
      return form(asked);
    }
    return sure(visit, asked, ReversalPlan.of(done.plan()), version)
        .withStatus(visit.faults().isEmpty() ? 200 : 412)
        .withCurl(
            PREVIEW
                .at(asked.orderId())
                .body(body.deepCopy().put("kind", asked.way().kind().name())))
        .withCurl(
            asked
                .way()
                .call()
                .at(asked.orderId())
                .header("Idempotency-Key", asked.key())
                .header("If-Match", "\"" + version + "\"")
                .body(body));
  }

  private static Answer.View form(Asked asked) {
    OrderView order = asked.order();
    return view("reversal-form", asked)
        .with("refundable", order.order().total().subtract(order.refunded()))
        .with("reasons", ReversalRequest.Reason.values())
        .with("couponPolicies", ReversalRequest.CouponPolicy.values())
        .withCurl(PREVIEW.at(asked.orderId()).body(example(asked.way())));
  }

  /** What would be done. Whether the visitor may refund so much is said before they try. */
  private Answer.View sure(Visit visit, Asked asked, ReversalPlan plan, int version) {
    BigDecimal limit = limits.of(plan.currency());
    BigDecimal refunded = asked.order().refunded().add(plan.refund().amount());
    return view("reversal-sure", asked)
        .with("plan", plan)
        .with("limit", isLimited(visit) && refunded.compareTo(limit) > 0 ? limit : null)
        .with("version", version);
  }

  private static Answer.View view(String template, Asked asked) {
    return Answer.View.of(template)
        .with("way", asked.way().word())
        .with("order", asked.order().order())
        .with("items", asked.order().items())
        .with("typed", asked.typed())
        .with("key", asked.key());
  }

  private static String example(ReversalForm way) {
    return switch (way) {
      case CANCEL -> "{\"kind\":\"CANCEL\"}";
      case RETURNS -> "{\"kind\":\"RETURN\",\"items\":[{\"position\":0,\"quantity\":1}]}";
      case GOODWILL -> "{\"kind\":\"GOODWILL\",\"amount\":\"5000\"}";
    };
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

  private static String newKey() {
    return UUID.randomUUID().toString();
  }

  private OrderView order(Visit visit) {
    return visit.found(orders.find(visit.api().uuid("orderId")));
  }
}
