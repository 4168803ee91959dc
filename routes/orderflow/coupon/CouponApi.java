package orderflow.coupon;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import orderflow.order.OrderRules;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Coupons over HTTP. */
@Component
public class CouponApi extends HttpApi {

  private final CouponService coupons;

  CouponApi(ObjectMapper json, CouponService coupons) {
    super(json);
    this.coupons = coupons;
  }

  @Override
  public void configure() {
    from(post("/api/coupons")).routeId("create-coupon").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer((request, body) -> answerTo(coupons.add(CouponReader.read(body), request.actor()))))
        .marshal(json);

    from(get("/api/coupons")).routeId("list-coupons").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("status", "limit", "cursor");
          return ApiResponse.page(
              "coupons", coupons.list(query.oneOf("status", Coupon.Status.class), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(patch("/api/coupons/{code}")).routeId("change-coupon").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer((request, body) -> answerTo(coupons.change(
            request.path("code", OrderRules.COUPON_CODE), CouponReader.readChange(body), request.actor()))))
        .marshal(json);

    from(get("/api/coupons/{code}")).routeId("get-coupon").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(coupons.find(request.path("code", OrderRules.COUPON_CODE)))))
        .marshal(json);
  }

  private static ApiResponse answerTo(CouponResult result) {
    if (result instanceof CouponResult.Added added) {
      return ApiResponse.created("/api/coupons/" + segment(added.coupon().code()), added.coupon());
    }
    if (result instanceof CouponResult.Changed changed) {
      return ApiResponse.ok(changed.coupon());
    }
    if (result instanceof CouponResult.Unknown) {
      throw new ProblemException(ProblemType.NOT_FOUND);
    }
    if (result instanceof CouponResult.LimitBelowUses below) {
      throw new ProblemException(
          ProblemType.COUPON_LIMIT_BELOW_USES,
          ProblemType.COUPON_LIMIT_BELOW_USES.meaning(),
          Map.of("uses", below.uses()));
    }
    if (result instanceof CouponResult.EndsBeforeItBegins) {
      throw new ValidationException(List.of(new Violation("/validUntil", "must be after validFrom")));
    }
    throw new ProblemException(
        ProblemType.COUPON_EXISTS,
        ProblemType.COUPON_EXISTS.meaning(),
        Map.of("code", ((CouponResult.CodeTaken) result).code()));
  }

  /** What follows a semicolon would be taken for a parameter of the path. */
  private static String segment(String code) {
    return UriUtils.encodePathSegment(code, StandardCharsets.UTF_8).replace(";", "%3B");
  }
}
