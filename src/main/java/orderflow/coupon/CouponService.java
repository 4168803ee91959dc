package orderflow.coupon;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.security.Actor;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes coupons known and shows them. */
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

  /**
   * Adds a coupon.
   *
   * @throws ProblemException if there is one of its code
   */
  @Transactional
  public CouponView add(Coupon coupon, Actor by) {
    if (!coupons.add(coupon, clock.instant())) {
      throw new ProblemException(
          ProblemType.COUPON_EXISTS,
          ProblemType.COUPON_EXISTS.meaning(),
          Map.of("code", coupon.code()));
    }
    CouponView added = CouponView.of(coupon, clock.instant());
    actions.record(by, Action.CREATE_COUPON, coupon.code(), detail(added));
    return added;
  }

  /** What it is worth. Whose it is stays out of a record that cannot be erased. */
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
