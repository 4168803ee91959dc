package orderflow.coupon;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.platform.http.Page;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
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

  /**
   * Changes a coupon. Orders that are being placed with it wait until it is changed, or come first.
   */
  @Transactional
  public CouponResult change(String code, CouponChange change, Actor by) {
    Coupon before = coupons.lock(List.of(code)).get(code);
    if (before == null) {
      return new CouponResult.Unknown();
    }
    Coupon after = before.changed(change);
    if (after.usageLimit() < after.reserved() + after.used()) {
      return new CouponResult.LimitBelowUses(after.reserved() + after.used());
    }
    if (after.validFrom() != null
        && after.validUntil() != null
        && !after.validFrom().isBefore(after.validUntil())) {
      return new CouponResult.EndsBeforeItBegins();
    }
    CouponView changed = CouponView.of(after, clock.instant());
    if (!after.equals(before)) {
      coupons.change(after);
      actions.record(by, Action.CHANGE_COUPON, code, changes(before, after));
    }
    return new CouponResult.Changed(changed);
  }

  private static Map<String, ?> changes(Coupon before, Coupon after) {
    Map<String, Object> changes = new LinkedHashMap<>();
    if (before.enabled() != after.enabled()) {
      changes.put("enabled", after.enabled());
    }
    if (before.usageLimit() != after.usageLimit()) {
      changes.put("usageLimit", after.usageLimit());
    }
    if (!Objects.equals(before.validUntil(), after.validUntil())) {
      changes.put("validUntil", String.valueOf(after.validUntil()));
    }
    return changes;
  }

  /** Lists coupons, the newest first; null for those of every status. */
  public Page<CouponView> list(Coupon.@Nullable Status status, int limit, @Nullable String cursor) {
    Instant now = clock.instant();
    return coupons.list(status, now, limit, cursor).map(coupon -> CouponView.of(coupon, now));
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
