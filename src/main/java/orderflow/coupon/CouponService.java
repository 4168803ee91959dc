package orderflow.coupon;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.platform.security.Actor;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Adds and finds coupons. */
@Service
public class CouponService {

  private final Coupons coupons;
  private final OperatorActions actions;
  private final Clock clock;

  CouponService(Coupons coupons, OperatorActions actions, Clock clock) {
    this.coupons = coupons;
    this.actions = actions;
    this.clock = clock;
  }

  @Transactional
  public CouponResult add(Coupon coupon, Actor by) {
    if (!coupons.add(coupon, clock.instant())) {
      return new CouponResult.CodeTaken(coupon.code());
    }
    CouponView added = CouponView.of(coupon, clock.instant());
    actions.record(by, Action.CREATE_COUPON, coupon.code(), detail(added));
    return new CouponResult.Added(added);
  }

  /** The customer is left out: the record of acts cannot be erased. */
  private static Map<String, ?> detail(CouponView coupon) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("type", coupon.discount().type());
    detail.put("value", coupon.discount().value());
    detail.put("usageLimit", coupon.usageLimit());
    if (coupon.currency() != null) {
      detail.put("currency", coupon.currency());
    }
    return detail;
  }

  public Optional<CouponView> find(String code) {
    return coupons.find(code).map(coupon -> CouponView.of(coupon, clock.instant()));
  }
}
