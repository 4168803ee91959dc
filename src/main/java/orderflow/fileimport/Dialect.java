package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How a file of rows is written.
 *
 * @param delimiter what stands between two fields
 * @param charset its name as it is shown
 */
record Dialect(char delimiter, String charset) {

  /** What spreadsheets and shops write between two fields; the first of two that fit is taken. */
  static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

  static final String UTF_8 = StandardCharsets.UTF_8.name();

  /** Commas in UTF-8, in which rows are given back that were none. */
  static final Dialect OWN = new Dialect(',', UTF_8);

  private static final int SNIFFED = 4096;

  Charset javaCharset() {
    return Charset.forName(charset);
  }

  boolean isUtf8() {
    return charset.equals(UTF_8);
  }

  /** The content as UTF-8. */
  InputStream decoded(InputStream content) {
    return isUtf8() ? content : new Transcoded(content, javaCharset(), charset);
  }

  byte[] encoded(String text) {
    return text.getBytes(javaCharset());
  }

  /** What a file begins with for spreadsheets to know its charset; other charsets have no mark. */
  byte[] mark() {
    return charset.startsWith("UTF-") ? encoded("\uFEFF") : new byte[0];
  }

  /**
   * The charsets that a content may be in, the likeliest first: what its mark says; UTF-16 where
   * its first characters show it, as every second byte is a NUL; or else UTF-8 or another one.
   */
  static List<String> charsets(InputStream content, String other) throws IOException {
    byte[] first = content.readNBytes(SNIFFED);
    if (startsWith(first, 0xFF, 0xFE)) {
      return List.of(StandardCharsets.UTF_16LE.name());
    }
    if (startsWith(first, 0xFE, 0xFF)) {
      return List.of(StandardCharsets.UTF_16BE.name());
    }
    if (startsWith(first, 0xEF, 0xBB, 0xBF)) {
      return List.of(UTF_8);
    }
    int pairs = first.length / 2;
    int even = 0;
    int odd = 0;
    for (int i = 0; i < 2 * pairs; i += 2) {
      even += first[i] == 0 && first[i + 1] != 0 ? 1 : 0;
      odd += first[i] != 0 && first[i + 1] == 0 ? 1 : 0;
    }
    if (first.length >= 4 && odd > pairs / 4 && odd > 8 * even) {
      return List.of(StandardCharsets.UTF_16LE.name());
    }
    if (first.length >= 4 && even > pairs / 4 && even > 8 * odd) {
      return List.of(StandardCharsets.UTF_16BE.name());
    }
    return List.of(UTF_8, other);
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    byte[] wanted = new byte[mark.length];
    for (int i = 0; i < mark.length; i++) {
      wanted[i] = (byte) mark[i];
    }
    return bytes.length >= wanted.length
        && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
  }
}
