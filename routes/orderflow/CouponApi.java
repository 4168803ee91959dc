package orderflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import orderflow.coupon.CouponDirectory;
import orderflow.coupon.CouponOverview;
import orderflow.coupon.CouponReader;
import orderflow.order.OrderRules;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Coupons over HTTP. */
@Component
class CouponApi extends HttpApi {

  private final CouponDirectory coupons;

  CouponApi(ObjectMapper json, CouponDirectory coupons) {
    super(json);
    this.coupons = coupons;
  }

  @Override
  public void configure() {
    from(post("/api/coupons")).routeId("create-coupon").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer((request, body) -> {
          CouponOverview coupon = coupons.add(CouponReader.read(body), request.actor());
          return Answer.created("/api/coupons/" + segment(coupon.code()), coupon);
        }))
        .marshal(json);

    from(get("/api/coupons/{code}")).routeId("get-coupon").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> Answer.found(coupons.find(request.path("code", OrderRules.IDENTIFIER)))))
        .marshal(json);
  }

  /** What follows a semicolon would be taken for a parameter of the path. */
  private static String segment(String code) {
    return UriUtils.encodePathSegment(code, StandardCharsets.UTF_8).replace(";", "%3B");
  }
}
