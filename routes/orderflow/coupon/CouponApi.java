package orderflow.coupon;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import orderflow.order.OrderRules;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
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
        .process(answer((request, body) -> {
          CouponView coupon = coupons.add(CouponReader.read(body), request.actor());
          return ApiResponse.created("/api/coupons/" + segment(coupon.code()), coupon);
        }))
        .marshal(json);

    from(get("/api/coupons/{code}")).routeId("get-coupon").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(coupons.find(request.path("code", OrderRules.IDENTIFIER)))))
        .marshal(json);
  }

  /** What follows a semicolon would be taken for a parameter of the path. */
  private static String segment(String code) {
    return UriUtils.encodePathSegment(code, StandardCharsets.UTF_8).replace(";", "%3B");
  }
}
