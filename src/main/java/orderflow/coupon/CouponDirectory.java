package orderflow.coupon;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.springframework.stereotype.Service;

/** Makes coupons known and shows them. */
@Service
public class CouponDirectory {

  private final Coupons coupons;
  private final Clock clock;

  CouponDirectory(Coupons coupons, Clock clock) {
    this.coupons = coupons;
    this.clock = clock;
  }

  /**
   * Adds a coupon.
   *
   * @throws Refusal if there is one of its code
   */
  public CouponOverview add(Coupon coupon) {
    if (!coupons.add(coupon, clock.instant())) {
      throw new Refusal(
          ProblemType.COUPON_EXISTS,
          ProblemType.COUPON_EXISTS.meaning(),
          Map.of("code", coupon.code()));
    }
    return CouponOverview.of(coupon, clock.instant());
  }

  public Optional<CouponOverview> find(String code) {
    return coupons.find(code).map(coupon -> CouponOverview.of(coupon, clock.instant()));
  }
}
