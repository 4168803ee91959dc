package orderflow.email;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import orderflow.order.Item;
import orderflow.point.EarnRate;
import org.springframework.stereotype.Component;

/**
 * A confirmation as the templates print it: nothing but ready-made strings, in the form of its
 * currency and language. What there is none of (discount, coupon, points, date) is absent.
 */
@Component
class ConfirmationModel {

  /**
   * Line breaks and controls could fake lines, bidirectional overrides could turn amounts around.
   */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

  private final EarnRate earnRate;
  private final ZoneId zone;

  ConfirmationModel(EarnRate earnRate, MailSettings settings) {
    this.earnRate = earnRate;
    this.zone = settings.timeZone();
  }

  Map<String, Object> of(Confirmation order) {
    NumberFormat money = money(order);
    NumberFormat number = NumberFormat.getIntegerInstance(order.language().locale());
    Map<String, Object> model = new HashMap<>();
    model.put("orderId", order.orderId().toString());
    model.put("customerName", printable(order.customerName()));
    model.put("items", order.items().stream().map(item -> item(item, money, number)).toList());
    model.put("subtotal", money.format(order.subtotal()));
    model.put("total", money.format(order.total()));
    if (order.discount().signum() > 0) {
      model.put("discount", money.format(order.discount()));
    }
    if (order.couponCode() != null) {
      model.put("couponCode", order.couponCode());
    }
    if (order.completedAt() != null) {
      model.put("date", order.language().date().format(order.completedAt().atZone(zone)));
    }
    long points = earnRate.pointsFor(order.total());
    if (points > 0) {
      model.put("points", number.format(points));
    }
    return model;
  }

  /** Without line breaks, controls and what turns the direction of writing. */
  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(" ").strip();
  }

  private static Map<String, String> item(Item item, NumberFormat money, NumberFormat number) {
    BigDecimal price = item.unitPrice().multiply(BigDecimal.valueOf(item.quantity()));
    return Map.of(
        "name", printable(item.name()),
        "sku", printable(item.sku()),
        "quantity", number.format(item.quantity()),
        "unitPrice", money.format(item.unitPrice()),
        "price", money.format(price));
  }

  private static NumberFormat money(Confirmation order) {
    DecimalFormat money =
        (DecimalFormat) NumberFormat.getCurrencyInstance(order.language().locale());
    money.setCurrency(order.currency());
    DecimalFormatSymbols symbols = money.getDecimalFormatSymbols();
    String symbol = symbols.getCurrencySymbol();
    if (Character.isLetter(symbol.charAt(symbol.length() - 1))) {
      symbols.setCurrencySymbol(
          symbol + "\u00a0"); // "KWD 1.234", as CLDR has it and the JDK has not
      money.setDecimalFormatSymbols(symbols);
    }
    int decimals = Math.max(0, order.currency().getDefaultFractionDigits());
    money.setMinimumFractionDigits(decimals);
    money.setMaximumFractionDigits(decimals);
    return money;
  }
}
