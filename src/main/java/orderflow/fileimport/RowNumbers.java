package orderflow.fileimport;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What spreadsheets make of numbers, where it can't be known which number was meant. */
final class RowNumbers {

  private static final String SUCH_AS =
      ": write it with a decimal point and without separators, such as 1234.50";

  private static final Pattern SEPARATED =
      Pattern.compile("[-+]?[0-9]+([.,'’  \u00a0\u202f][0-9]+)+[.,]?");

  private static final Pattern GROUPS =
      Pattern.compile("[-+]?[0-9]{1,3}([.,'’  \u00a0\u202f][0-9]{3})+");

  private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?[0-9]*,[0-9]+");

  private static final Pattern EXPONENT =
      Pattern.compile("[0-9]([.,][0-9]+)?E\\+[0-9]+", Pattern.CASE_INSENSITIVE);

  private RowNumbers() {}

  /**
   * Why a text may be another number than it seems, or null if it is one number or none.
   *
   * @param decimals how many decimals it may have: of more than that, three after a point may be
   *     thousands
   */
  static @Nullable String faultOf(String text, int decimals) {
    int point = -1;
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &= c >= '0' && c <= '9' || c == '.' && point < 0;
      point = c == '.' ? i : point;
    }
    if (plain && (point < 0 || text.length() - point != 4 || decimals >= 3)) {
      return null;
    }
    if (plain) {
      return GROUPS.matcher(text).matches()
          ? "has a point that may be a thousands separator" + SUCH_AS
          : null;
    }
    if (DECIMAL_COMMA.matcher(text).matches()) {
      return GROUPS.matcher(text).matches()
          ? "has a comma that may be a decimal comma or a thousands separator" + SUCH_AS
          : "has a decimal comma" + SUCH_AS;
    }
    if (GROUPS.matcher(text).matches()) {
      return "has a thousands separator" + SUCH_AS;
    }
    return SEPARATED.matcher(text).matches()
        ? "has a thousands separator and a decimal comma or point" + SUCH_AS
        : null;
  }

  /** Whether a spreadsheet has made a number of what was none, and shortened it. */
  static boolean isExponent(String text) {
    return text.indexOf('+') > 0 && EXPONENT.matcher(text).matches();
  }
}
