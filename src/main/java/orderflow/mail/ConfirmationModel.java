package orderflow.mail;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
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

  /**
   * Line breaks and controls could fake lines, bidirectional overrides could turn amounts around.
   */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

  private static final char FIRST_STRONG_ISOLATE = '\u2068';
  private static final char POP_ISOLATE = '\u2069';

  /** Languages written from right to left. */
  private static final Set<String> RIGHT_TO_LEFT =
      Set.of("ar", "dv", "fa", "he", "iw", "ji", "ps", "sd", "ug", "ur", "yi");

  private static final Pattern LINK = Pattern.compile("(?<=:)(?=//)|(?<=(?i:www))(?=\\.)");

  private record MoneyForm(Locale locale, Currency currency) {}

  /** Made once: looking a locale's form up takes longer than printing a mail's amounts. */
  private static final Map<MoneyForm, NumberFormat> MONEY = new ConcurrentHashMap<>();

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG);

  private final EarnRate earnRate;
  private final ZoneId zone;

  ConfirmationModel(EarnRate earnRate, MailSettings settings) {
    this.earnRate = earnRate;
    this.zone = settings.zone();
  }

  Map<String, Object> of(Confirmation order, Locale locale) {
    NumberFormat money = money(locale, order.currency());
    NumberFormat number = NumberFormat.getIntegerInstance(locale);
    boolean rtl = RIGHT_TO_LEFT.contains(locale.getLanguage());
    Map<String, Object> model = new HashMap<>();
    model.put("orderId", order.orderId().toString());
    model.put("orderNumber", shown(order.orderNumber(), rtl));
    model.put("customerName", shown(order.customerName(), rtl));
    if (order.customerPhone() != null) {
      model.put("customerPhone", shown(order.customerPhone(), rtl));
    }
    model.put("items", order.items().stream().map(item -> item(item, money, number, rtl)).toList());
    model.put("subtotal", money.format(order.subtotal()));
    model.put("total", money.format(order.total()));
    if (order.discount().signum() > 0) {
      model.put("discount", money.format(order.discount()));
    }
    if (order.couponDiscount().signum() > 0) {
      model.put("couponDiscount", money.format(order.couponDiscount()));
    }
    model.put("discounts", amounts(order.discounts(), money, rtl));
    model.put("charges", amounts(order.charges(), money, rtl));
    if (order.couponCode() != null) {
      model.put("couponCode", shown(order.couponCode(), rtl));
    }
    if (order.completedAt() != null) {
      model.put("date", DATE.withLocale(locale).format(order.completedAt().atZone(zone)));
    }
    long points = earnRate.pointsFor(order.paidForGoods());
    if (points > 0) {
      model.put("points", number.format(points));
    }
    return model;
  }

  /** The model with the first items alone, and how many more there are. */
  static Map<String, Object> shortened(Map<String, Object> model, int items, Locale locale) {
    List<?> all = (List<?>) Objects.requireNonNull(model.get("items"));
    Map<String, Object> shortened = new HashMap<>(model);
    shortened.put("items", all.subList(0, items));
    shortened.put("moreItems", NumberFormat.getIntegerInstance(locale).format(all.size() - items));
    return shortened;
  }

  /** Without line breaks, controls and what turns the direction of writing. */
  static String printable(String text) {
    return isPlain(text) ? text.strip() : UNPRINTABLE.matcher(text).replaceAll(" ").strip();
  }

  /**
   * What a customer typed, as it is shown in a mail. Readers of mail make a link of an address in
   * it, and a mail of the shop's that bears a stranger's link is bait: an invisible character that
   * joins words (U+2060) keeps them from it.
   */
  private static String shown(String typed, boolean rightToLeft) {
    String text = printable(typed);
    if (text.indexOf('.') >= 0 || text.indexOf(':') >= 0) {
      text = LINK.matcher(text).replaceAll("\u2060");
    }
    return isOfOtherDirection(text, rightToLeft) ? FIRST_STRONG_ISOLATE + text + POP_ISOLATE : text;
  }

  /** What is written the other way would take its neighbours, such as an amount, along with it. */
  private static boolean isOfOtherDirection(String text, boolean rightToLeft) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      boolean isOther =
          switch (Character.getDirectionality(point)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
                !rightToLeft;
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> rightToLeft;
            default -> false;
          };
      if (isOther) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text surely holds nothing unprintable: nearly all do, which a look at each tells. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c >= '\u2000' && c < '\u2070' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static List<Map<String, String>> amounts(
      List<Amount> amounts, NumberFormat money, boolean rtl) {
    return amounts.stream()
        .map(
            each ->
                Map.of("label", shown(each.label(), rtl), "amount", money.format(each.amount())))
        .toList();
  }

  private static Map<String, String> item(
      Item item, NumberFormat money, NumberFormat number, boolean rtl) {
    BigDecimal price = item.unitPrice().multiply(BigDecimal.valueOf(item.quantity()));
    return Map.of(
        "name", shown(item.name(), rtl),
        "sku", item.sku() == null ? "" : shown(item.sku(), rtl),
        "quantity", number.format(item.quantity()),
        "unitPrice", money.format(item.unitPrice()),
        "price", money.format(price));
  }

  /** A copy of its own: formats are not for several threads. */
  private static NumberFormat money(Locale locale, Currency currency) {
    NumberFormat form =
        MONEY.computeIfAbsent(new MoneyForm(locale, currency), ConfirmationModel::money);
    return (NumberFormat) form.clone();
  }

  private static NumberFormat money(MoneyForm form) {
    DecimalFormat money = (DecimalFormat) NumberFormat.getCurrencyInstance(form.locale());
    money.setCurrency(form.currency());
    DecimalFormatSymbols symbols = money.getDecimalFormatSymbols();
    String symbol = symbols.getCurrencySymbol();
    if (money.getPositivePrefix().endsWith(symbol)
        && Character.isLetter(symbol.charAt(symbol.length() - 1))) {
      symbols.setCurrencySymbol(
          symbol + "\u00a0"); // "KWD 1.234", as CLDR has it and the JDK has not
      money.setDecimalFormatSymbols(symbols);
    }
    int decimals = Math.max(0, form.currency().getDefaultFractionDigits());
    money.setMinimumFractionDigits(decimals);
    money.setMaximumFractionDigits(decimals);
    return money;
  }
}
