package orderflow.mail;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import orderflow.order.Amount;
import orderflow.order.Item;
import orderflow.point.EarnRate;
import org.springframework.stereotype.Component;

/**
 * A confirmation as the templates print it: nothing but ready-made strings, in the form of its
 * currency and language. What there is none of (phone, discount, coupon, points, date) is absent.
 */
@Component
class ConfirmationModel {

  private final EarnRate earnRate;
  private final ZoneId zone;

  ConfirmationModel(EarnRate earnRate, MailSettings settings) {
    this.earnRate = earnRate;
    this.zone = settings.zone();
  }

  Map<String, Object> of(Confirmation order, Locale locale) {
    LocaleFormat form = new LocaleFormat(locale, order.currency(), zone);
    Map<String, Object> model = new HashMap<>();
    model.put("orderId", order.orderId().toString());
    model.put("orderNumber", form.typed(order.orderNumber()));
    model.put("customerName", form.typed(order.customerName()));
    if (order.customerPhone() != null) {
      model.put("customerPhone", form.typed(order.customerPhone()));
    }
    model.put("items", order.items().stream().map(item -> item(item, form)).toList());
    model.put("subtotal", form.money(order.subtotal()));
    model.put("total", form.money(order.total()));
    if (order.discount().signum() > 0) {
      model.put("discount", form.money(order.discount()));
    }
    if (order.couponDiscount().signum() > 0) {
      model.put("couponDiscount", form.money(order.couponDiscount()));
    }
    model.put("discounts", amounts(order.discounts(), form));
    model.put("charges", amounts(order.charges(), form));
    if (order.couponCode() != null) {
      model.put("couponCode", form.typed(order.couponCode()));
    }
    if (order.completedAt() != null) {
      model.put("date", form.date(order.completedAt()));
    }
    long points = earnRate.pointsFor(order.paidForGoods());
    if (points > 0) {
      model.put("points", form.number(points));
    }
    return model;
  }

  private static List<Map<String, String>> amounts(List<Amount> amounts, LocaleFormat form) {
    return amounts.stream()
        .map(each -> Map.of("label", form.typed(each.label()), "amount", form.money(each.amount())))
        .toList();
  }

  private static Map<String, String> item(Item item, LocaleFormat form) {
    BigDecimal price = item.unitPrice().multiply(BigDecimal.valueOf(item.quantity()));
    return Map.of(
        "name", form.typed(item.name()),
        "sku", item.sku() == null ? "" : form.typed(item.sku()),
        "quantity", form.number(item.quantity()),
        "unitPrice", form.money(item.unitPrice()),
        "price", form.money(price));
  }
}
