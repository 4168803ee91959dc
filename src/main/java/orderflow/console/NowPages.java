package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import orderflow.order.OrderSummary;
import orderflow.overview.NeedsAttention;
import orderflow.overview.OrderFilter;
import orderflow.overview.Orders;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The first page: what flows, and what needs a person. */
@RestController
class NowPages {

  private static final ApiCall HEALTH = ApiCall.get("/actuator/health");
  private static final ApiCall METRICS = ApiCall.get("/actuator/prometheus");
  private static final ApiCall ORDERS = ApiCall.get("/api/orders");
  private static final ApiCall NEEDS = ApiCall.get("/api/needs-attention");

  private static final int LATEST_ORDERS = 8;

  /** The parts of the system whose trouble is listed by its kind while it can be. */
  private static final Map<String, Set<NeedsAttention.Kind>> SAME =
      Map.of(
          "db", Set.of(NeedsAttention.Kind.DATABASE_READ_ONLY),
          "outbox", Set.of(NeedsAttention.Kind.OUTBOX_STUCK, NeedsAttention.Kind.OUTBOX_OVERDUE),
          "mailServer",
              Set.of(NeedsAttention.Kind.MAIL_SERVER_REFUSES, NeedsAttention.Kind.MAIL_SERVER_AWAY),
          "orders", Set.of(NeedsAttention.Kind.ORDERS_INCOMPLETE),
          "ownConsumers", Set.of(NeedsAttention.Kind.CONSUMERS_BROKEN));

  private static final Set<NeedsAttention.Kind> LESS_URGENT =
      Set.of(
          NeedsAttention.Kind.OUTBOX_OVERDUE,
          NeedsAttention.Kind.MAILS_OVERDUE,
          NeedsAttention.Kind.MAIL_SERVER_AWAY,
          NeedsAttention.Kind.ORDERS_INCOMPLETE,
          NeedsAttention.Kind.REFUNDS_OVERDUE,
          NeedsAttention.Kind.IMPORTS_REJECTED);

  private final Console console;
  private final Flow flow;
  private final LiveFeed feed;
  private final Orders orders;
  private final NeedsAttention needsAttention;

  NowPages(
      Console console, Flow flow, LiveFeed feed, Orders orders, NeedsAttention needsAttention) {
    this.console = console;
    this.flow = flow;
    this.feed = feed;
    this.orders = orders;
    this.needsAttention = needsAttention;
  }

  /**
   * Something that waits for a person, or that is worth knowing.
   *
   * @param kind null for a part of the system
   * @param colour bad or warn
   * @param count of the things; 0 if there is none
   * @param href where more is to be seen; null for nowhere
   */
  public record Need(
      NeedsAttention.@Nullable Kind kind,
      String colour,
      String text,
      long count,
      @Nullable Instant since,
      @Nullable String href) {}

  @GetMapping("/console")
  ResponseEntity<String> now(HttpServletRequest request) throws Exception {
    ResponseEntity<String> page = console.open(request, this::now);
    return "10".equals(request.getParameter("refresh"))
        ? ResponseEntity.status(page.getStatusCode())
            .headers(page.getHeaders())
            .header("Refresh", "10")
            .body(page.getBody())
        : page;
  }

  private Answer now(Visit visit) {
    Flow.Moment moment = flow.now();
    List<Need> needs = new ArrayList<>();
    List<OrderSummary> latest = List.of();
    try {
      addItems(visit, needs);
      if (visit.may(ORDERS)) {
        latest = orders.list(OrderFilter.NONE, LATEST_ORDERS, null).entries();
      }
    } catch (DataAccessException | TransactionException away) {
      latest = List.of(); // the database's own state says so
    }
    addParts(visit, moment.parts(), needs);
    return Answer.View.of("now")
        .with("moment", moment)
        .with("needs", needs)
        .with("minutes", flow.minutes())
        .with("orders", latest)
        .with("mayOrders", visit.may(ORDERS))
        .with("refreshes", visit.param("refresh") != null)
        .withCurl(NEEDS.at())
        .withCurl(HEALTH.at())
        .withCurl(METRICS.at());
  }

  /** The parts that are not well, but for those whose matter is listed with more detail. */
  private static void addParts(Visit visit, Map<String, String> parts, List<Need> needs) {
    Set<NeedsAttention.Kind> listed =
        needs.stream().map(Need::kind).filter(Objects::nonNull).collect(Collectors.toSet());
    parts.forEach(
        (name, state) -> {
          Set<NeedsAttention.Kind> same = SAME.getOrDefault(name, Set.of());
          if (!state.equals("UP") && Collections.disjoint(listed, same)) {
            String word = SAME.containsKey(name) || name.equals("durability") ? name : "other";
            needs.add(
                new Need(
                    null,
                    state.equals("DEGRADED") ? "warn" : "bad",
                    visit.text("part-" + word + "-bad", name),
                    0,
                    null,
                    null));
          }
        });
  }

  private void addItems(Visit visit, List<Need> needs) {
    if (!visit.may(NEEDS)) {
      return;
    }
    for (NeedsAttention.Item item : needsAttention.items(visit.texts())) {
      String page = Console.Place.page(visit, item.link());
      needs.add(
          new Need(
              item.kind(),
              LESS_URGENT.contains(item.kind()) ? "warn" : "bad",
              item.text(),
              item.count(),
              item.since(),
              page == null && item.link().startsWith("/actuator/") ? "#parts-title" : page));
    }
  }

  /** The same figures, again and again, for a page that is open. */
  @GetMapping("/console/live")
  void live(HttpServletRequest request, HttpServletResponse response) throws Exception {
    if (!feed.add(request, response)) {
      response.setStatus(503);
      response.setHeader("Retry-After", "10");
    }
  }
}
