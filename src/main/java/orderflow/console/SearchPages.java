package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.coupon.CouponService;
import orderflow.deadletter.DeadLetterDesk;
import orderflow.fileimport.Imports;
import orderflow.order.OrderRules;
import orderflow.order.OrderSummary;
import orderflow.overview.OrderFilter;
import orderflow.overview.Orders;
import orderflow.reversal.Refunds;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** One box that finds whatever has an id. */
@RestController
class SearchPages {

  private static final ApiCall ORDERS = ApiCall.get("/api/orders");
  private static final ApiCall REVERSAL = ApiCall.get("/api/reversals/{id}");
  private static final ApiCall COUPON = ApiCall.get("/api/coupons/{code}");
  private static final ApiCall DEAD_LETTER = ApiCall.get("/api/dead-letters/{id}");
  private static final ApiCall IMPORT = ApiCall.get("/api/imports/{id}");

  private static final Pattern UUID_WITHIN =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final int MOST_ORDERS = 20;

  private final Console console;
  private final Orders orders;
  private final Refunds refunds;
  private final CouponService coupons;
  private final DeadLetterDesk deadLetters;
  private final Imports imports;

  SearchPages(
      Console console,
      Orders orders,
      Refunds refunds,
      CouponService coupons,
      DeadLetterDesk deadLetters,
      Imports imports) {
    this.console = console;
    this.orders = orders;
    this.refunds = refunds;
    this.coupons = coupons;
    this.deadLetters = deadLetters;
    this.imports = imports;
  }

  /** Something that has the id. */
  public record Hit(String kind, String text, String href) {}

  @GetMapping("/console/go")
  ResponseEntity<String> go(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        visit -> {
          String wanted = visit.param("q");
          List<Hit> hits = wanted == null ? List.of() : hits(visit, wanted);
          return hits.size() == 1
              ? new Answer.Go(hits.get(0).href())
              : Answer.View.of("search")
                  .withStatus(wanted == null || !hits.isEmpty() ? 200 : 404)
                  .with("query", wanted)
                  .with("hits", hits);
        });
  }

  private List<Hit> hits(Visit visit, String wanted) {
    List<Hit> hits = new ArrayList<>();
    if (visit.may(ORDERS)) {
      addOrders(visit, hits, wanted);
    }
    if (visit.may(COUPON) && OrderRules.COUPON_CODE.allows(wanted)) {
      coupons
          .find(wanted)
          .ifPresent(
              coupon ->
                  hits.add(
                      new Hit(
                          "coupon",
                          coupon.code(),
                          "/console/coupons/" + Visit.segment(coupon.code()))));
    }
    if (wanted.matches("[0-9]{1,18}")) {
      long id = Long.parseLong(wanted);
      if (visit.may(DEAD_LETTER) && deadLetters.find(id).isPresent()) {
        hits.add(new Hit("dead-letter", wanted, "/console/dead-letters/" + id));
      }
      if (visit.may(IMPORT) && imports.find(id).isPresent()) {
        hits.add(new Hit("import", wanted, "/console/imports/" + id));
      }
    }
    return hits;
  }

  /**
   * An order by its id, a mail's Message-ID or an event's id, its reference, number or customer, or
   * what was taken back by its id.
   */
  private void addOrders(Visit visit, List<Hit> hits, String wanted) {
    UUID id = orderId(wanted);
    if (id != null && orders.find(id).isPresent()) {
      hits.add(new Hit("order", id.toString(), "/console/orders/" + id));
      return;
    }
    if (id != null && visit.may(REVERSAL) && refunds.find(id).isPresent()) {
      hits.add(new Hit("reversal", id.toString(), "/console/reversals/" + id));
      return;
    }
    List<OrderSummary> found = new ArrayList<>();
    if (OrderRules.REFERENCE.allows(wanted)) {
      found.addAll(orders.list(OrderFilter.ofReference(wanted), MOST_ORDERS, null).entries());
    }
    if (OrderRules.KNOWN_NUMBER.allows(wanted)) {
      found.addAll(orders.list(OrderFilter.ofNumber(wanted), MOST_ORDERS, null).entries());
    }
    found.stream()
        .distinct()
        .forEach(
            order ->
                hits.add(
                    new Hit(
                        "order",
                        order.orderNumber() + " · " + order.customerId(),
                        "/console/orders/" + order.orderId())));
    if (OrderRules.CUSTOMER.allows(wanted)
        && !orders.list(OrderFilter.ofCustomer(wanted), 1, null).entries().isEmpty()) {
      hits.add(new Hit("customer", wanted, "/console/customers/" + Visit.segment(wanted)));
    }
  }

  /** The order's id in a text that is one or holds one, such as a Message-ID. */
  private static @Nullable UUID orderId(String text) {
    Matcher found = UUID_WITHIN.matcher(text);
    return found.find() ? UUID.fromString(found.group()) : null;
  }
}
