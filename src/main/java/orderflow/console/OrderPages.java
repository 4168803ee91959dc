package orderflow.console;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.mail.MailContent;
import orderflow.mail.MailPreview;
import orderflow.mail.MailQueue;
import orderflow.mail.ResendResult;
import orderflow.order.OrderRules;
import orderflow.order.OrderStatus;
import orderflow.order.OrderSummary;
import orderflow.overview.Effects;
import orderflow.overview.OrderFilter;
import orderflow.overview.OrderTimeline;
import orderflow.overview.OrderView;
import orderflow.overview.Orders;
import orderflow.overview.Timelines;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Orders: the list with its filters, and the page that says why an order is as it is. */
@RestController
class OrderPages {

  private static final ApiCall LIST = ApiCall.get("/api/orders");
  private static final ApiCall SHOW = ApiCall.get("/api/orders/{orderId}");
  private static final ApiCall TIMELINE = ApiCall.get("/api/orders/{orderId}/timeline");
  private static final ApiCall REVERSALS = ApiCall.get("/api/orders/{orderId}/reversals");
  private static final ApiCall COUPON = ApiCall.get("/api/coupons/{code}");
  private static final ApiCall EMAIL = ApiCall.get("/api/orders/{orderId}/email");
  private static final ApiCall RESEND = ApiCall.post("/api/orders/{orderId}/email/resend");

  private final Console console;
  private final Orders orders;
  private final Timelines timelines;
  private final MailQueue mails;
  private final MailPreview preview;

  OrderPages(
      Console console, Orders orders, Timelines timelines, MailQueue mails, MailPreview preview) {
    this.console = console;
    this.orders = orders;
    this.timelines = timelines;
    this.mails = mails;
    this.preview = preview;
  }

  /** An effect with the sentence that explains it, and whether anyone has to do something. */
  public record Effect(String name, OrderTimeline.Standing standing) {}

  /**
   * Something that happened.
   *
   * @param href the page of what it is about; null if there is none
   */
  public record Happening(OrderTimeline.Event event, @Nullable String href) {}

  /** What was taken back of an order. */
  public record Reversal(
      String id,
      String kind,
      @Nullable String reason,
      BigDecimal refund,
      String state,
      Instant at) {}

  @GetMapping("/console/orders")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(request, LIST, this::list);
  }

  private Answer list(Visit visit) {
    OrderFilter filter =
        new OrderFilter(
            visit.param("customerId", OrderRules.CUSTOMER),
            visit.param("reference", OrderRules.REFERENCE),
            visit.param("number", OrderRules.KNOWN_NUMBER),
            visit.param("status", OrderStatus.class),
            visit.time("from"),
            visit.time("to"));
    String cursor = visit.param("cursor");
    Page<OrderSummary> page =
        visit.faults().isEmpty()
            ? orders.list(filter, Visit.PAGE, cursor)
            : new Page<>(List.of(), null);
    Map<String, @Nullable String> query = new LinkedHashMap<>();
    query.put("customerId", filter.customerId());
    query.put("reference", filter.reference());
    query.put("number", filter.number());
    query.put("status", Visit.name(filter.status()));
    query.put("from", filter.from() == null ? null : filter.from().toString());
    query.put("to", filter.to() == null ? null : filter.to().toString());
    query.put("cursor", cursor);
    return Answer.View.of("orders")
        .with("orders", page.entries())
        .with("next", visit.next(page))
        .with("customerId", visit.param("customerId"))
        .with("reference", visit.param("reference"))
        .with("number", visit.param("number"))
        .with("state", Visit.name(filter.status()))
        .with("states", Visit.names(OrderStatus.class))
        .with("from", visit.param("from"))
        .with("to", visit.param("to"))
        .with("filtered", !filter.equals(OrderFilter.NONE))
        .withCurl(LIST.at().query(query));
  }

  @GetMapping("/console/orders/{orderId}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    UUID id = visit.api().uuid("orderId");
    OrderView order = visit.found(orders.find(id));
    OrderTimeline timeline = timelines.of(order, visit.texts());
    boolean hasEmail = order.effects().email().status() != Effects.Status.NONE;
    boolean isCancelled = order.order().status() == OrderStatus.CANCELLED;
    return Answer.View.of("order")
        .with("order", order.order())
        .with("items", order.items())
        .with("refunded", order.refunded())
        .with("couponDiscount", order.effects().coupon().discount())
        .with("couponHref", couponHref(visit, order))
        .with("effects", effects(timeline.effects()))
        .with("events", events(visit, timeline))
        .with("reversals", reversals(order))
        .with("ways", ways(visit, order))
        .with("mayReport", visit.may(RefundPages.REPORT))
        .with("maySeeEmail", hasEmail && !isCancelled && visit.may(EMAIL))
        .with("mayResend", hasEmail && visit.may(RESEND))
        .withCurl(SHOW.at(id))
        .withCurl(TIMELINE.at(id))
        .withCurl(REVERSALS.at(id))
        .withCurl(EMAIL.at(id))
        .withCurl(RESEND.at(id));
  }

  /** The confirmation as it would be written now. */
  @GetMapping("/console/orders/{orderId}/email")
  ResponseEntity<String> email(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        EMAIL,
        visit -> {
          UUID id = visit.api().uuid("orderId");
          return Answer.View.of("order-email")
              .with("id", id)
              .with("mail", email(visit))
              .withCurl(EMAIL.at(id));
        });
  }

  @GetMapping("/console/orders/{orderId}/email/html")
  ResponseEntity<String> emailHtml(HttpServletRequest request) throws Exception {
    return console.open(request, EMAIL, visit -> new Answer.Mail(email(visit).html()));
  }

  private MailContent email(Visit visit) {
    return visit.found(preview.confirmation(visit.api().uuid("orderId")));
  }

  /** The ways to take the order back that it is not too late for. */
  private static List<String> ways(Visit visit, OrderView view) {
    OrderStatus status = view.order().status();
    List<String> ways = new ArrayList<>();
    for (ReversalForm way : ReversalForm.values()) {
      boolean isOpen =
          switch (way) {
            case CANCEL -> status == OrderStatus.COMPLETED;
            case RETURNS -> !status.isFinal();
            case GOODWILL -> view.refunded().compareTo(view.order().total()) < 0;
          };
      if (isOpen && visit.may(way.call())) {
        ways.add(way.word());
      }
    }
    return ways;
  }

  /** What was taken back of it, with the amounts as numbers. */
  private static List<Reversal> reversals(OrderView order) {
    List<Reversal> reversals = new ArrayList<>();
    for (JsonNode each : order.reversals()) {
      reversals.add(
          new Reversal(
              each.path("reversalId").asText(),
              each.path("kind").asText(),
              each.path("reason").textValue(),
              new BigDecimal(each.path("refund").asText("0")),
              each.path("refundState").asText(),
              Instant.parse(each.path("createdAt").asText())));
    }
    return reversals;
  }

  @PostMapping("/console/orders/{orderId}/resend")
  ResponseEntity<String> resend(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        RESEND,
        visit -> {
          UUID id = visit.api().uuid("orderId");
          ResendResult result = mails.resend(id, visit.actor());
          if (result != ResendResult.QUEUED) {
            visit.fault(
                "",
                visit.text(
                    result == ResendResult.ORDER_CANCELLED ? "resend-cancelled" : "resend-nobody"));
            return show(visit);
          }
          return new Answer.Go("/console/orders/" + id + "?done=resent");
        });
  }

  private static @Nullable String couponHref(Visit visit, OrderView order) {
    String code = order.order().couponCode();
    return code == null || !visit.may(COUPON) ? null : "/console/coupons/" + Visit.segment(code);
  }

  private static List<Effect> effects(OrderTimeline.Standings standings) {
    return List.of(
        new Effect("points", standings.points()),
        new Effect("coupon", standings.coupon()),
        new Effect("mail", standings.email()));
  }

  private static List<Happening> events(Visit visit, OrderTimeline timeline) {
    String itself = "/api/orders/" + timeline.orderId();
    return timeline.events().stream()
        .map(
            event ->
                new Happening(
                    event,
                    itself.equals(event.ref()) ? null : Console.Place.page(visit, event.ref())))
        .toList();
  }
}
