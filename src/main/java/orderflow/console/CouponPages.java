package orderflow.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orderflow.coupon.Coupon;
import orderflow.coupon.CouponReader;
import orderflow.coupon.CouponResult;
import orderflow.coupon.CouponService;
import orderflow.coupon.CouponView;
import orderflow.order.OrderRules;
import orderflow.platform.http.Page;
import orderflow.platform.json.ValidationException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Coupons: how often each was used, new ones, and their limits. */
@RestController
class CouponPages {

  private static final ApiCall LIST = ApiCall.get("/api/coupons");
  private static final ApiCall SHOW = ApiCall.get("/api/coupons/{code}");
  private static final ApiCall MAKE = ApiCall.post("/api/coupons");
  private static final ApiCall CHANGE = new ApiCall("PATCH", "/api/coupons/{code}");

  private static final List<String> TEXTS =
      List.of("code", "currency", "customerId", "minimumOrderTotal", "maximumDiscount");
  private static final List<String> TIMES = List.of("validFrom", "validUntil");
  private static final List<String> NUMBERS = List.of("usageLimit", "perCustomerLimit");

  private final Console console;
  private final CouponService coupons;

  CouponPages(Console console, CouponService coupons) {
    this.console = console;
    this.coupons = coupons;
  }

  @GetMapping("/console/coupons")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        LIST,
        visit -> {
          Coupon.Status status = visit.param("status", Coupon.Status.class);
          String cursor = visit.param("cursor");
          Page<CouponView> page = coupons.list(status, Visit.PAGE, cursor);
          Map<String, @Nullable String> query = new LinkedHashMap<>();
          query.put("status", Visit.name(status));
          query.put("cursor", cursor);
          return Answer.View.of("coupons")
              .with("coupons", page.entries())
              .with("next", visit.next(page))
              .with("status", Visit.name(status))
              .with("statuses", Visit.names(Coupon.Status.class))
              .with("mayMake", visit.may(MAKE))
              .withCurl(LIST.at().query(query));
        });
  }

  @GetMapping("/console/coupons/new")
  ResponseEntity<String> ask(HttpServletRequest request) throws Exception {
    return console.open(request, MAKE, visit -> form(visit, Map.of("type", "PERCENT")));
  }

  private static Answer.View form(Visit visit, Map<String, String> typed) {
    return Answer.View.of("coupon-new")
        .with("typed", typed)
        .withCurl(
            MAKE.at()
                .body(
                    "{\"code\":\"WELCOME10\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"},\"usageLimit\":1000}"));
  }

  @PostMapping("/console/coupons")
  ResponseEntity<String> make(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        MAKE,
        visit -> {
          Form form = visit.form();
          try {
            CouponResult result = coupons.add(CouponReader.read(json(form)), visit.actor());
            if (result instanceof CouponResult.Added added) {
              return new Answer.Go(place(added.coupon().code()) + "?done=made");
            }
            visit.fault("code", visit.text("coupon-exists", form.get("code")));
          } catch (ValidationException e) {
            visit.note(e);
          }
          return form(visit, form.fields());
        });
  }

  @GetMapping("/console/coupons/{code}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, visit -> show(visit, Map.of()));
  }

  private Answer show(Visit visit, Map<String, String> typed) {
    String code = visit.api().path("code", OrderRules.COUPON_CODE);
    CouponView coupon = visit.found(coupons.find(code));
    return Answer.View.of("coupon")
        .with("coupon", coupon)
        .with("typed", typed)
        .with("disabled", coupon.status() == Coupon.Status.DISABLED)
        .with("mayChange", visit.may(CHANGE))
        .withCurl(SHOW.at(code))
        .withCurl(CHANGE.at(code).body("{\"usageLimit\":2000}"))
        .withCurl(CHANGE.at(code).body("{\"enabled\":false}"));
  }

  @PostMapping("/console/coupons/{code}")
  ResponseEntity<String> change(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        CHANGE,
        visit -> {
          String code = visit.api().path("code", OrderRules.COUPON_CODE);
          Form form = visit.form();
          try {
            CouponResult result =
                coupons.change(code, CouponReader.readChange(changes(form)), visit.actor());
            if (result instanceof CouponResult.Changed) {
              return new Answer.Go(place(code) + "?done=changed");
            }
            if (result instanceof CouponResult.LimitBelowUses below) {
              visit.fault("usageLimit", visit.text("coupon-below-uses", below.uses()));
            } else if (result instanceof CouponResult.EndsBeforeItBegins) {
              visit.fault("validUntil", visit.text("coupon-ends-early"));
            }
          } catch (ValidationException e) {
            visit.note(e);
          }
          return show(visit, form.fields());
        });
  }

  /** The body that the API would be sent. */
  private static ObjectNode json(Form form) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    TEXTS.forEach(name -> Form.putText(body, name, form.get(name)));
    TIMES.forEach(name -> Form.putText(body, name, time(form.get(name).strip())));
    NUMBERS.forEach(name -> Form.putNumber(body, name, form.get(name)));
    body.putObject("discount")
        .put("type", form.get("type"))
        .put("value", form.get("value").strip());
    return body;
  }

  private static ObjectNode changes(Form form) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (form.fields().containsKey("enabled")) {
      return body.put("enabled", form.get("enabled").equals("true"));
    }
    Form.putNumber(body, "usageLimit", form.get("usageLimit"));
    String until = form.get("validUntil").strip();
    return until.isEmpty() ? body.putNull("validUntil") : body.put("validUntil", time(until));
  }

  /** Browsers send a time without its zone, which is UTC here. */
  private static String time(String typed) {
    if (typed.matches("\\d{4}-\\d\\d-\\d\\d")) {
      return typed + "T00:00:00Z";
    }
    return typed.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?")
        ? typed + (typed.length() == 16 ? ":00Z" : "Z")
        : typed;
  }

  private static String place(String code) {
    return "/console/coupons/" + Visit.segment(code);
  }
}
