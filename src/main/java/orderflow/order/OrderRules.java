package orderflow.order;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.regex.Pattern;
import orderflow.platform.json.TextRule;
import org.jspecify.annotations.Nullable;

/** What the values of orders and coupons must be like. */
public final class OrderRules {

  private static final Pattern PHONE_NUMBER = Pattern.compile("[0-9 +()./-]{1,40}");
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7E]{1,255}");

  /** Customers of this and other systems: an e-mail address or a URI may be one. */
  public static final TextRule CUSTOMER =
      new TextRule(
          "must be 1 to 255 visible ASCII characters", t -> VISIBLE_ASCII.matcher(t).matches());

  public static final TextRule SKU =
      new TextRule(
          "must be 1 to 100 printable characters", t -> isPrintable(t, 100) && !isBlank(t));

  public static final TextRule COUPON_CODE =
      new TextRule(
          "must be 1 to 64 printable characters without blanks",
          t -> isPrintable(t, 64) && t.codePoints().noneMatch(OrderRules::isBlank));

  /** What people know an order by. */
  public static final TextRule ORDER_NUMBER =
      new TextRule("must be 1 to 40 printable characters", t -> isPrintable(t, 40) && !isBlank(t));

  /** A number that an order may be known by: one of its own, or its reference. */
  public static final TextRule KNOWN_NUMBER =
      new TextRule(
          "must be 1 to 255 printable characters",
          t -> ORDER_NUMBER.allows(t) || VISIBLE_ASCII.matcher(t).matches());

  /** What a discount or a charge is called. */
  public static final TextRule LABEL =
      new TextRule(
          "must be 1 to 100 Unicode characters and no control characters", t -> isName(t, 100));

  /** Idempotency keys and order references. */
  public static final TextRule REFERENCE =
      new TextRule(
          "must be 1 to 255 visible ASCII characters", t -> VISIBLE_ASCII.matcher(t).matches());

  /** Names of people and things, counted in Unicode characters. */
  public static final TextRule NAME =
      new TextRule(
          "must be 1 to 200 Unicode characters and no control characters", t -> isName(t, 200));

  public static final TextRule PHONE =
      new TextRule(
          "must be 1 to 40 digits, blanks and + ( ) . / -", t -> PHONE_NUMBER.matcher(t).matches());

  public static final TextRule EMAIL =
      new TextRule("must be one e-mail address of at most 254 characters", MailAddress::isValid);

  /** BCP 47. */
  public static final TextRule LANGUAGE =
      new TextRule("must be a language tag such as ko or en-US", OrderRules::isLanguage);

  /** ISO 4217 currencies that have a smallest unit. */
  public static final TextRule CURRENCY =
      new TextRule("must be an ISO 4217 currency code such as KRW", t -> currency(t) != null);

  /** No price reaches it, so that the largest order's points still fit a long. */
  public static final BigDecimal AMOUNT_LIMIT = BigDecimal.TEN.pow(12);

  private OrderRules() {}

  /** The currency of an ISO 4217 code, or null if it is none that things can be priced in. */
  public static @Nullable Currency currency(String code) {
    try {
      Currency currency = Currency.getInstance(code);
      return currency.getDefaultFractionDigits() < 0 ? null : currency;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What is wrong with an amount in a currency (if that is known), or null if nothing is. */
  public static @Nullable String faultOf(BigDecimal amount, @Nullable Currency currency) {
    if (amount.signum() < 0) {
      return "must not be negative";
    }
    if (currency != null
        && amount.stripTrailingZeros().scale() > currency.getDefaultFractionDigits()) {
      return "must have no more than "
          + currency.getDefaultFractionDigits()
          + " decimals in "
          + currency;
    }
    return amount.compareTo(AMOUNT_LIMIT) >= 0
        ? "must be less than " + AMOUNT_LIMIT.toPlainString()
        : null;
  }

  private static boolean isName(String text, int longest) {
    int length = text.codePointCount(0, text.length());
    return length >= 1
        && length <= longest
        && text.codePoints().noneMatch(OrderRules::isUnfitForNames);
  }

  /** Control characters, and halves of surrogate pairs, which UTF-8 can't express. */
  private static boolean isUnfitForNames(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL || type == Character.SURROGATE;
  }

  private static boolean isBlank(String text) {
    return text.codePoints().allMatch(OrderRules::isBlank);
  }

  private static boolean isBlank(int codePoint) {
    return Character.isSpaceChar(codePoint) || Character.isWhitespace(codePoint);
  }

  private static boolean isPrintable(String text, int longest) {
    int length = text.codePointCount(0, text.length());
    return length >= 1
        && length <= longest
        && text.codePoints().noneMatch(OrderRules::isUnprintable);
  }

  /** Some scripts cannot be written without the two joiners. */
  private static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          true;
      case Character.FORMAT -> codePoint != 0x200C && codePoint != 0x200D;
      default -> false;
    };
  }

  private static boolean isLanguage(String text) {
    try {
      new Locale.Builder().setLanguageTag(text.replace('_', '-'));
      return !text.isEmpty() && text.length() <= 35;
    } catch (IllformedLocaleException e) {
      return false;
    }
  }
}
