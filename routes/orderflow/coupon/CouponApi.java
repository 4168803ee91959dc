package orderflow.coupon;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import orderflow.order.OrderRules;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
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

    from(get("/api/coupons/{code}")).routeId("get-coupon").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(coupons.find(request.path("code", OrderRules.COUPON_CODE)))))
        .marshal(json);
  }

  private static ApiResponse answerTo(CouponResult result) {
    if (result instanceof CouponResult.Added added) {
      return ApiResponse.created("/api/coupons/" + segment(added.coupon().code()), added.coupon());
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
