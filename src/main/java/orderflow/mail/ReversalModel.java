package orderflow.mail;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * The mail about a reversal as the templates print it: nothing but ready-made strings, in the form
 * of its currency and language. What there is none of (refund, charges, points, coupon) is absent.
 */
@Component
class ReversalModel {

  private final ZoneId zone;

  ReversalModel(MailSettings settings) {
    this.zone = settings.zone();
  }

  Map<String, Object> of(ReversalNotice notice, Locale locale) {
    LocaleFormat form = new LocaleFormat(locale, Currency.getInstance(notice.currency()), zone);
    Map<String, Object> model = new HashMap<>();
    model.put("orderId", notice.orderId().toString());
    model.put("orderNumber", form.typed(notice.orderNumber()));
    model.put("customerName", form.typed(notice.customerName()));
    model.put("date", form.date(notice.completedAt()));
    model.put("reversalDate", form.date(notice.reversedAt()));
    model.put("items", notice.items().stream().map(item -> item(item, form)).toList());
    if (notice.charges() != null) {
      model.put("charges", form.money(notice.charges()));
    }
    BigDecimal adjustment = notice.adjustment();
    if (adjustment.signum() != 0) {
      model.put("adjustment", form.signed(adjustment));
    }
    if (notice.refund().signum() > 0) {
      model.put("refund", form.money(notice.refund()));
    }
    if (notice.remaining() != null) {
      model.put("remaining", form.money(notice.remaining()));
    }
    if (notice.pointsReversed() > 0) {
      model.put("points", form.number(notice.pointsReversed()));
    }
    if (notice.couponReleased() != null) {
      model.put("couponCode", form.typed(notice.couponReleased()));
    }
    if (notice.couponReissued() != null) {
      model.put("newCouponCode", form.typed(notice.couponReissued()));
    }
    return model;
  }

  private static Map<String, String> item(ReversalNotice.Line item, LocaleFormat form) {
    return Map.of(
        "name", form.typed(item.name()),
        "sku", item.sku() == null ? "" : form.typed(item.sku()),
        "quantity", form.number(item.quantity()),
        "refund", form.money(item.refund()));
  }
}
