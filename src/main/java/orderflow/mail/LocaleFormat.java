package orderflow.mail;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Amounts, numbers, dates and what people typed, in the form of a mail's language. One is made for
 * each mail: it is not for several threads.
 */
final class LocaleFormat {

  /**
   * Line breaks and controls could fake lines, bidirectional overrides could turn amounts around.
   */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

  private static final char FIRST_STRONG_ISOLATE = '\u2068';
  private static final char POP_ISOLATE = '\u2069';
  private static final char MINUS = '\u2212';

  /** Languages written from right to left. */
  private static final Set<String> RIGHT_TO_LEFT =
      Set.of("ar", "dv", "fa", "he", "iw", "ji", "ps", "sd", "ug", "ur", "yi");

  private static final Pattern LINK = Pattern.compile("(?<=:)(?=//)|(?<=(?i:www))(?=\\.)");

  private record MoneyForm(Locale locale, Currency currency) {}

  /** Made once: looking a locale's form up takes longer than printing a mail's amounts. */
  private static final Map<MoneyForm, NumberFormat> MONEY = new ConcurrentHashMap<>();

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG);

  private final Locale locale;
  private final ZoneId zone;
  private final NumberFormat money;
  private final NumberFormat number;
  private final boolean isRightToLeft;

  LocaleFormat(Locale locale, Currency currency, ZoneId zone) {
    this.locale = locale;
    this.zone = zone;
    // A copy of its own: formats are not for several threads.
    this.money =
        (NumberFormat)
            MONEY.computeIfAbsent(new MoneyForm(locale, currency), LocaleFormat::moneyForm).clone();
    this.number = NumberFormat.getIntegerInstance(locale);
    this.isRightToLeft = RIGHT_TO_LEFT.contains(locale.getLanguage());
  }

  String money(BigDecimal amount) {
    return money.format(amount);
  }

  /** With the minus that reductions have. */
  String signed(BigDecimal amount) {
    return amount.signum() < 0 ? MINUS + money.format(amount.negate()) : money.format(amount);
  }

  String number(long count) {
    return number.format(count);
  }

  String date(Instant at) {
    return DATE.withLocale(locale).format(at.atZone(zone));
  }

  /**
   * What a customer typed, as it is shown in a mail. Readers of mail make a link of an address in
   * it, and a mail of the shop's that bears a stranger's link is bait: an invisible character that
   * joins words (U+2060) keeps them from it.
   */
  String typed(String typed) {
    String text = printable(typed);
    if (text.indexOf('.') >= 0 || text.indexOf(':') >= 0) {
      text = LINK.matcher(text).replaceAll("\u2060");
    }
    return isOfOtherDirection(text) ? FIRST_STRONG_ISOLATE + text + POP_ISOLATE : text;
  }

  /** Without line breaks, controls and what turns the direction of writing. */
  static String printable(String text) {
    return isPlain(text) ? text.strip() : UNPRINTABLE.matcher(text).replaceAll(" ").strip();
  }

  /** What is written the other way would take its neighbours, such as an amount, along with it. */
  private boolean isOfOtherDirection(String text) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      boolean isOther =
          switch (Character.getDirectionality(point)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
                !isRightToLeft;
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> isRightToLeft;
            default -> false;
          };
      if (isOther) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text surely holds nothing unprintable: nearly all do, which a look at each shows. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c >= '\u2000' && c < '\u2070' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static NumberFormat moneyForm(MoneyForm form) {
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
