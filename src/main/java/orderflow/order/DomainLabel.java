package orderflow.order;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The A-label of a label beyond ASCII: {@code xn--} and its Punycode (RFC 3492). Java's own IDN
 * knows only the rules of 2003, by which {@code straße} is {@code strasse}: another domain.
 */
final class DomainLabel {

  private static final String PREFIX = "xn--";
  private static final int LONGEST = 63;

  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int FIRST_BEYOND_ASCII = 0x80;
  private static final int FIRST_BIAS = 72;

  private DomainLabel() {}

  /** A label in ASCII as it is, another one's A-label; null if it can be none. */
  static @Nullable String ascii(String label) {
    if (label.chars().allMatch(c -> c < FIRST_BEYOND_ASCII)) {
      return label;
    }
    String mapped =
        Normalizer.normalize(
            Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT),
            Normalizer.Form.NFC);
    int[] points = mapped.codePoints().toArray();
    if (points.length == 0 || points.length > LONGEST || !isAllowed(points)) {
      return null;
    }
    String ascii =
        mapped.chars().allMatch(c -> c < FIRST_BEYOND_ASCII) ? mapped : PREFIX + punycode(points);
    return ascii.length() <= LONGEST ? ascii : null;
  }

  private static boolean isAllowed(int[] points) {
    for (int i = 0; i < points.length; i++) {
      boolean isMark = isMark(points[i]);
      boolean isFit =
          isMark
              || Character.isLetterOrDigit(points[i])
              || points[i] == '-'
              || points[i] == 0xB7 // between two l in Catalan
              || points[i] == 0x30FB; // between words in Japanese
      if (!isFit || i == 0 && isMark) {
        return false;
      }
    }
    return points[0] != '-' && points[points.length - 1] != '-';
  }

  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> false;
    };
  }

  private static String punycode(int[] points) {
    StringBuilder out = new StringBuilder();
    for (int point : points) {
      if (point < FIRST_BEYOND_ASCII) {
        out.append((char) point);
      }
    }
    int basic = out.length();
    int handled = basic;
    if (basic > 0) {
      out.append('-');
    }
    int n = FIRST_BEYOND_ASCII;
    int delta = 0;
    int bias = FIRST_BIAS;
    while (handled < points.length) {
      int next = Integer.MAX_VALUE;
      for (int point : points) {
        next = point >= n ? Math.min(next, point) : next;
      }
      delta += (next - n) * (handled + 1);
      n = next;
      for (int point : points) {
        if (point < n) {
          delta++;
        } else if (point == n) {
          number(delta, bias, out);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return out.toString();
  }

  /** A number of digits whose weights depend on the bias, the last one marked by its size. */
  private static void number(int delta, int bias, StringBuilder out) {
    int rest = delta;
    for (int k = BASE; ; k += BASE) {
      int threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (rest < threshold) {
        out.append(digit(rest));
        return;
      }
      out.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
      rest = (rest - threshold) / (BASE - threshold);
    }
  }

  private static int adapt(int delta, int handled, boolean isFirst) {
    int rest = isFirst ? delta / DAMP : delta / 2;
    rest += rest / handled;
    int k = 0;
    while (rest > (BASE - T_MIN) * T_MAX / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
  }

  /** Letters are 0 to 25, digits 26 to 35. */
  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + value - 26);
  }
}
