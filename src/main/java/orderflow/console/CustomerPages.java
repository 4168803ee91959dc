package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import orderflow.order.OrderRules;
import orderflow.order.OrderSummary;
import orderflow.overview.OrderFilter;
import orderflow.overview.Orders;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.point.PointAccounts;
import orderflow.privacy.PersonalData;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Customers: their points and orders, and the end of their data. */
@RestController
class CustomerPages {

  private static final ApiCall SHOW = ApiCall.get("/api/customers/{customerId}/points");
  private static final ApiCall ORDERS = ApiCall.get("/api/orders");
  private static final ApiCall ERASE =
      new ApiCall("DELETE", "/api/customers/{customerId}/personal-data");

  private static final int ORDERS_SHOWN = 20;

  private final Console console;
  private final PointAccounts points;
  private final Orders orders;
  private final PersonalData personalData;

  CustomerPages(Console console, PointAccounts points, Orders orders, PersonalData personalData) {
    this.console = console;
    this.points = points;
    this.orders = orders;
    this.personalData = personalData;
  }

  @GetMapping("/console/customers")
  ResponseEntity<String> look(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        SHOW,
        visit -> {
          String id = visit.param("id", OrderRules.CUSTOMER);
          return id == null
              ? Answer.View.of("customers").with("id", visit.param("id"))
              : new Answer.Go("/console/customers/" + Visit.segment(id));
        });
  }

  @GetMapping("/console/customers/{customerId}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    String id = visit.api().path("customerId", OrderRules.CUSTOMER);
    PointAccounts.Account account = points.find(id, Visit.PAGE, visit.param("cursor"));
    List<OrderSummary> latest =
        visit.may(ORDERS)
            ? orders.list(OrderFilter.ofCustomer(id), ORDERS_SHOWN, null).entries()
            : List.of();
    return Answer.View.of("customer")
        .with("id", id)
        .with("account", account)
        .with("next", account.next() == null ? null : visit.with("cursor", account.next()))
        .with("orders", latest)
        .with("mayErase", visit.may(ERASE))
        .withCurl(SHOW.at(id))
        .withCurl(ORDERS.at().query(Map.of("customerId", id)))
        .withCurl(ERASE.at(id));
  }

  /** What is erased can't be had back, so a page asks first. */
  @GetMapping("/console/customers/{customerId}/erase")
  ResponseEntity<String> askToErase(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        ERASE,
        visit -> {
          String id = visit.api().path("customerId", OrderRules.CUSTOMER);
          return Answer.View.of("sure")
              .with("title", visit.text("erase-title", id))
              .with("text", visit.text("erase-text"))
              .with("act", visit.text("erase"))
              .with("back", "/console/customers/" + Visit.segment(id))
              .withCurl(ERASE.at(id));
        });
  }

  @PostMapping("/console/customers/{customerId}/erase")
  ResponseEntity<String> erase(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        ERASE,
        visit -> {
          String id = visit.api().path("customerId", OrderRules.CUSTOMER);
          Bulkhead.MAINTENANCE.run(() -> personalData.erase(id, visit.actor()));
          return new Answer.Go("/console/customers/" + Visit.segment(id) + "?done=erased");
        });
  }
}
