package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.mail.MailQueue;
import orderflow.mail.ResendResult;
import orderflow.order.OrderRules;
import orderflow.order.OrderSummary;
import orderflow.overview.Effects;
import orderflow.overview.OrderView;
import orderflow.overview.Orders;
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
  private static final ApiCall COUPON = ApiCall.get("/api/coupons/{code}");
  private static final ApiCall RESEND = ApiCall.post("/api/orders/{orderId}/email/resend");

  private final Console console;
  private final Orders orders;
  private final MailQueue mails;

  OrderPages(Console console, Orders orders, MailQueue mails) {
    this.console = console;
    this.orders = orders;
    this.mails = mails;
  }

  /**
   * An effect with the sentence that explains it.
   *
   * @param act NONE, WAIT or PERSON: whether anyone has to do something
   */
  public record Effect(
      String name, Effects.Status status, @Nullable Instant at, String why, String act) {}

  @GetMapping("/console/orders")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(request, LIST, this::list);
  }

  private Answer list(Visit visit) {
    String customer = visit.param("customerId", OrderRules.CUSTOMER);
    String reference = visit.param("reference", OrderRules.REFERENCE);
    String number = visit.param("number", OrderRules.KNOWN_NUMBER);
    Instant from = visit.time("from");
    Instant to = visit.time("to");
    String cursor = visit.param("cursor");
    Page<OrderSummary> page =
        visit.faults().isEmpty()
            ? orders.list(customer, reference, number, from, to, Visit.PAGE, cursor)
            : new Page<>(List.of(), null);
    Map<String, @Nullable String> query = new LinkedHashMap<>();
    query.put("customerId", customer);
    query.put("reference", reference);
    query.put("number", number);
    query.put("from", from == null ? null : from.toString());
    query.put("to", to == null ? null : to.toString());
    query.put("cursor", cursor);
    return Answer.View.of("orders")
        .with("orders", page.entries())
        .with("next", page.next() == null ? null : visit.with("cursor", page.next()))
        .with("customerId", visit.param("customerId"))
        .with("reference", visit.param("reference"))
        .with("number", visit.param("number"))
        .with("from", visit.param("from"))
        .with("to", visit.param("to"))
        .with(
            "filtered",
            customer != null || reference != null || number != null || from != null || to != null)
        .withCurl(LIST.curl(visit.request(), "/api/orders" + Visit.query(query), null));
  }

  @GetMapping("/console/orders/{orderId}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    UUID id = visit.api().uuid("orderId");
    OrderView order = visit.found(orders.find(id));
    String path = "/api/orders/" + id;
    Answer.View view =
        Answer.View.of("order")
            .with("order", order.order())
            .with("items", order.items())
            .with("refunded", order.refunded())
            .with("couponDiscount", order.effects().coupon().discount())
            .with("couponHref", couponHref(visit, order))
            .with("effects", effects(visit, order))
            .with(
                "mayResend",
                visit.may(RESEND) && order.effects().email().status() != Effects.Status.NONE)
            .withCurl(SHOW.curl(visit.request(), path, null));
    return visit.may(RESEND)
        ? view.withCurl(RESEND.curl(visit.request(), path + "/email/resend", null))
        : view;
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

  private static List<Effect> effects(Visit visit, OrderView view) {
    Effects effects = view.effects();
    List<Effect> list = new ArrayList<>();
    Effects.Points points = effects.points();
    list.add(effect(visit, "points", points.status(), points.at(), points.points()));
    Effects.CouponUse coupon = effects.coupon();
    list.add(
        effect(
            visit,
            "coupon",
            coupon.status(),
            coupon.at(),
            String.valueOf(view.order().couponCode())));
    Effects.Email email = effects.email();
    String name =
        email.status() == Effects.Status.PENDING && email.attempts() > 0 ? "mail-again" : "mail";
    Effect mail = effect(visit, name, email.status(), email.at(), email.attempts());
    list.add(new Effect("mail", mail.status(), mail.at(), mail.why(), mail.act()));
    return list;
  }

  private static Effect effect(
      Visit visit, String name, Effects.Status status, @Nullable Instant at, Object value) {
    String act =
        switch (status) {
          case NONE, DONE -> "NONE";
          case PENDING -> "WAIT";
          case FAILED -> "PERSON";
        };
    return new Effect(name, status, at, visit.text("why-" + name + "-" + status, value), act);
  }
}
