package orderflow.fileimport;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A number or a date as its sheet shows it: with the decimals and leading zeros of its format, and
 * without what is there for the eye, as separators of thousands and signs of currencies.
 */
final class CellText {

  /** What a spreadsheet knows of a number; what follows comes of how it counts. */
  private static final MathContext KNOWN = new MathContext(15, RoundingMode.HALF_UP);

  /** From here on a spreadsheet has lost digits of a number that was typed. */
  private static final BigDecimal SHORTENED = BigDecimal.TEN.pow(15);

  /** Digits of a number that is written in full. */
  private static final int LONGEST = 400;

  private static final String DATE = "yyyy-mm-dd";
  private static final Pattern AN_ID = Pattern.compile("00+");

  private CellText() {}

  /**
   * A number as it is shown.
   *
   * @param formatId the number of its format, or null if it has none
   * @param format as it is written, or null for none
   * @param date the number as a date
   */
  static String of(
      BigDecimal number,
      @Nullable Integer formatId,
      @Nullable String format,
      Supplier<LocalDateTime> date) {
    if (Math.abs((long) number.precision() - number.scale()) > LONGEST
        || number.scale() > LONGEST) {
      return number.toString();
    }
    String shown = formatId == null ? format : localized(formatId, format);
    if (shown == null || shown.isEmpty() || shown.equalsIgnoreCase("General")) {
      return general(number);
    }
    Section section = Section.of(shown, number.signum());
    if (section.isDate()) {
      return dateText(date.get(), section.tokens);
    }
    return section.isNumber() ? section.shown(number) : general(number);
  }

  /** Formats that a spreadsheet writes in the way of its user's country. */
  private static @Nullable String localized(int id, @Nullable String format) {
    if (id == 14 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 58) {
      return DATE;
    }
    return switch (id) {
      case 22 -> DATE + " hh:mm";
      case 32, 34 -> "hh:mm";
      case 33, 35 -> "hh:mm:ss";
      default -> format;
    };
  }

  private static String general(BigDecimal number) {
    BigDecimal known = number.round(KNOWN);
    if (known.abs().compareTo(SHORTENED) >= 0) {
      return exponent(known, 5);
    }
    return known.signum() == 0 ? "0" : known.stripTrailingZeros().toPlainString();
  }

  private static String exponent(BigDecimal number, int decimals) {
    BigDecimal rounded =
        number.round(new MathContext(decimals + 1, RoundingMode.HALF_UP)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return String.format(
        Locale.ROOT,
        "%sE%s%02d",
        rounded.movePointLeft(exponent).toPlainString(),
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  /** The part of a format that is for numbers of a sign, cut into its tokens. */
  private record Section(List<String> tokens) {

    private static final String EXPONENT = Pattern.quote("E+");

    static Section of(String format, int sign) {
      List<Section> sections = new ArrayList<>();
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        int end = i + 1;
        if (c == ';') {
          sections.add(new Section(tokens));
          tokens = new ArrayList<>();
          continue;
        } else if (c == '"') {
          end = format.indexOf('"', i + 1) + 1;
          end = end == 0 ? format.length() : end;
          tokens.add("'" + format.substring(i + 1, Math.max(i + 1, end - 1)));
        } else if (c == '\\') {
          end = Math.min(format.length(), i + 2);
          tokens.add("'" + format.substring(i + 1, end));
        } else if (c == '_' || c == '*') {
          end = Math.min(format.length(), i + 2);
        } else if (c == '[') {
          end = format.indexOf(']', i) + 1;
          end = end == 0 ? format.length() : end;
          String inside = format.substring(i + 1, Math.max(i + 1, end - 1));
          if (inside.matches("(?i)h+|m+|s+")) {
            tokens.add("[" + inside.charAt(0));
          }
        } else if (format.regionMatches(true, i, "AM/PM", 0, 5)) {
          end = i + 5;
          tokens.add("AM/PM");
        } else if (format.regionMatches(true, i, "E+", 0, 2)) {
          end = i + 2;
          tokens.add("E+");
        } else {
          while (end < format.length() && format.charAt(end) == c) {
            end++;
          }
          tokens.add(format.substring(i, end));
        }
        i = end - 1;
      }
      sections.add(new Section(tokens));
      int section = sign < 0 ? 1 : sign == 0 ? 2 : 0;
      return sections.get(section < sections.size() ? section : 0);
    }

    boolean isDate() {
      return tokens.stream().anyMatch(t -> "yYmMdDhHsS".indexOf(t.charAt(0)) >= 0 || isElapsed(t));
    }

    boolean isNumber() {
      return tokens.stream().anyMatch(t -> "0#?".indexOf(t.charAt(0)) >= 0);
    }

    /** The text of an id goes with it: a number of nothing but zeros has so many digits. */
    String shown(BigDecimal number) {
      String pattern = tokens.stream().filter(Section::isDigits).collect(Collectors.joining());
      boolean percent = tokens.stream().anyMatch(token -> token.startsWith("%"));
      BigDecimal value = (percent ? number.movePointRight(2) : number).round(KNOWN);
      String[] mantissaAndExponent = pattern.replace(",", "").split(EXPONENT, 2);
      String[] parts = mantissaAndExponent[0].split("\\.", 2);
      String decimals = parts.length == 1 ? "" : parts[1];
      if (mantissaAndExponent.length > 1) {
        return exponent(value, decimals.length());
      }
      BigDecimal rounded = value.setScale(decimals.length(), RoundingMode.HALF_UP);
      DecimalFormat format = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
      format.setMinimumIntegerDigits(
          Math.max(1, (int) parts[0].chars().filter(c -> c == '0').count()));
      format.setMinimumFractionDigits(decimals.lastIndexOf('0') + 1);
      format.setMaximumFractionDigits(decimals.length());
      String digits = format.format(rounded.abs());
      return (rounded.signum() < 0 ? "-" : "")
          + (AN_ID.matcher(pattern).matches() ? withItsText(digits) : digits)
          + (percent ? "%" : "");
    }

    /** An id, whose digits may stand in groups. */
    private String withItsText(String digits) {
      StringBuilder text = new StringBuilder();
      int following = tokens.stream().filter(Section::isDigits).mapToInt(String::length).sum();
      int from = 0;
      for (String token : tokens) {
        if (isDigits(token)) {
          following -= token.length();
          text.append(digits, from, digits.length() - following);
          from = digits.length() - following;
        } else if (token.startsWith("'")) {
          text.append(token.substring(1));
        } else if (token.startsWith("-")) {
          text.append(token);
        }
      }
      return text.toString();
    }

    private static boolean isDigits(String token) {
      return "0#?.,".indexOf(token.charAt(0)) >= 0 || token.equals("E+");
    }
  }

  private static boolean isElapsed(String token) {
    return token.length() == 2 && token.charAt(0) == '[';
  }

  private static String dateText(LocalDateTime date, List<String> tokens) {
    boolean halfDays = tokens.contains("AM/PM");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i).toLowerCase(Locale.ROOT);
      int length = Math.min(token.length(), 4);
      switch (token.charAt(0)) {
        case 'y' -> text.append(formatted(date, length < 3 ? "yy" : "yyyy"));
        case 'm' ->
            text.append(
                isOfTime(tokens, i)
                    ? formatted(date, "m".repeat(Math.min(length, 2)))
                    : formatted(date, "M".repeat(length)));
        case 'd' ->
            text.append(formatted(date, length < 3 ? "d".repeat(length) : "E".repeat(length)));
        case 'h' ->
            text.append(formatted(date, (halfDays ? "h" : "H").repeat(Math.min(length, 2))));
        case 's' -> text.append(formatted(date, "s".repeat(Math.min(length, 2))));
        case 'a' -> text.append(formatted(date, "a"));
        case '\'' -> text.append(tokens.get(i).substring(1));
        case '[' -> text.append(elapsed(date, token.charAt(1)));
        case '0' -> text.append(formatted(date, "S".repeat(length)));
        case '@', ';' -> {}
        default -> text.append(tokens.get(i));
      }
    }
    return text.toString();
  }

  private static long elapsed(LocalDateTime date, char unit) {
    long days =
        date.toLocalDate().toEpochDay()
            - LocalDateTime.of(1899, 12, 31, 0, 0).toLocalDate().toEpochDay();
    long seconds = days * 86_400 + date.toLocalTime().toSecondOfDay();
    return unit == 'h' ? seconds / 3600 : unit == 'm' ? seconds / 60 : seconds;
  }

  /** Whether an m stands for minutes: next to hours or seconds. */
  private static boolean isOfTime(List<String> tokens, int at) {
    for (int i = at - 1; i >= 0; i--) {
      char c = Character.toLowerCase(tokens.get(i).charAt(0));
      if ("ydmhs[".indexOf(c) >= 0) {
        if (c == 'h' || c == '[') {
          return true;
        }
        break;
      }
    }
    for (int i = at + 1; i < tokens.size(); i++) {
      char c = Character.toLowerCase(tokens.get(i).charAt(0));
      if ("ydmhs".indexOf(c) >= 0) {
        return c == 's';
      }
    }
    return false;
  }

  private static String formatted(LocalDateTime date, String pattern) {
    return date.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }
}
