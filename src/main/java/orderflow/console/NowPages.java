package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.fileimport.Import;
import orderflow.fileimport.Imports;
import orderflow.order.OrderSummary;
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
  private static final ApiCall IMPORTS = ApiCall.get("/api/imports");
  private static final ApiCall CAUSES = ApiCall.get("/api/dead-letters/summary");

  private static final int LATEST_ORDERS = 8;
  private static final int LATEST_IMPORTS = 20;
  private static final int CAUSES_SHOWN = 5;

  private final Console console;
  private final Flow flow;
  private final LiveFeed feed;
  private final Orders orders;
  private final DeadLetterSummary deadLetters;
  private final Imports imports;

  NowPages(
      Console console,
      Flow flow,
      LiveFeed feed,
      Orders orders,
      DeadLetterSummary deadLetters,
      Imports imports) {
    this.console = console;
    this.flow = flow;
    this.feed = feed;
    this.orders = orders;
    this.deadLetters = deadLetters;
    this.imports = imports;
  }

  /**
   * Something that waits for a person, or that is worth knowing.
   *
   * @param kind bad, warn or info
   * @param href where more is to be seen; null for nowhere
   */
  public record Need(String kind, String text, @Nullable Instant since, @Nullable String href) {}

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
    moment
        .parts()
        .forEach(
            (name, state) -> {
              if (!state.equals("UP")) {
                needs.add(
                    new Need(
                        state.equals("DEGRADED") ? "warn" : "bad",
                        visit.text("part-" + (known(name) ? name : "other") + "-bad", name),
                        null,
                        null));
              }
            });
    try {
      addCauses(visit, needs);
      addImports(visit, needs);
      if (visit.may(ORDERS)) {
        latest = orders.list(null, null, null, null, null, LATEST_ORDERS, null).entries();
      }
    } catch (DataAccessException | TransactionException away) {
      latest = List.of(); // the database's own state says so
    }
    return Answer.View.of("now")
        .with("moment", moment)
        .with("needs", needs)
        .with("minutes", flow.minutes())
        .with("orders", latest)
        .with("mayOrders", visit.may(ORDERS))
        .with("refreshes", visit.param("refresh") != null)
        .withCurl(HEALTH.curl(visit.request(), HEALTH.path(), null))
        .withCurl(METRICS.curl(visit.request(), METRICS.path(), null));
  }

  private static boolean known(String part) {
    return List.of("db", "mailServer", "outbox", "orders", "ownConsumers").contains(part);
  }

  private void addCauses(Visit visit, List<Need> needs) {
    if (visit.may(CAUSES)) {
      List<DeadLetterSummary.Group> groups = deadLetters.groups();
      groups.stream()
          .limit(CAUSES_SHOWN)
          .forEach(
              group ->
                  needs.add(
                      new Need(
                          "bad",
                          visit.text(
                              "need-dead-letters", group.count(), group.consumer(), group.cause()),
                          group.oldest(),
                          "/console/dead-letters?state=WAITING&consumer="
                              + Visit.segment(group.consumer()))));
    }
  }

  private void addImports(Visit visit, List<Need> needs) {
    if (visit.may(IMPORTS)) {
      for (Import file : imports.list(LATEST_IMPORTS, null).entries()) {
        String page = "/console/imports/" + file.id();
        if (file.state().equals("FAILED")) {
          needs.add(
              new Need("bad", visit.text("need-import", file.file()), file.finishedAt(), page));
        } else if (file.rejected() > 0) {
          needs.add(
              new Need(
                  "warn",
                  visit.text("need-rejected", file.rejected(), file.file()),
                  file.startedAt(),
                  page));
        }
      }
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
