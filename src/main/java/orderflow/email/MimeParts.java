package orderflow.email;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * Writes MIME bodies (RFC 2045, RFC 2046) straight to bytes; Jakarta Mail's encoders take most of a
 * mail's time.
 */
final class MimeParts {

  private static final int LONGEST_LINE = 76;
  private static final String HEX = "0123456789ABCDEF";

  private MimeParts() {}

  /**
   * A multipart/alternative of text and HTML, in UTF-8.
   *
   * @param boundary must have a {@code =_} in it, which no encoded part can
   */
  static byte[] alternative(String boundary, String text, String html) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * (text.length() + html.length()));
    write(out, boundary, "text/plain", text);
    write(out, boundary, "text/html", html);
    ascii(out, "--" + boundary + "--\r\n");
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String boundary, String type, String text) {
    byte[] bytes =
        text.lines().collect(Collectors.joining("\r\n")).getBytes(StandardCharsets.UTF_8);
    boolean base64 = isShorterInBase64(bytes);
    ascii(
        out,
        "--"
            + boundary
            + "\r\nContent-Type: "
            + type
            + "; charset=UTF-8"
            + "\r\nContent-Transfer-Encoding: "
            + (base64 ? "base64" : "quoted-printable")
            + "\r\n\r\n");
    if (base64) {
      out.writeBytes(Base64.getMimeEncoder().encode(bytes));
    } else {
      ascii(out, quotedPrintable(bytes));
    }
    ascii(out, "\r\n");
  }

  /** Quoted-printable takes three bytes for one beyond ASCII, Base64 four for any three. */
  private static boolean isShorterInBase64(byte[] bytes) {
    int beyondAscii = 0;
    for (byte b : bytes) {
      if (b < 0) {
        beyondAscii++;
      }
    }
    return beyondAscii * 6L > bytes.length;
  }

  /** RFC 2045, section 6.7. */
  static String quotedPrintable(byte[] bytes) {
    StringBuilder encoded = new StringBuilder(bytes.length * 3 / 2);
    int column = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '\r' && isLineFeed(bytes, i + 1)) {
        encoded.append("\r\n");
        column = 0;
        i++;
        continue;
      }
      boolean literal =
          b > ' ' && b < 127 && b != '='
              || b == ' ' && i + 1 < bytes.length && bytes[i + 1] != '\r';
      int width = literal ? 1 : 3;
      if (column + width >= LONGEST_LINE) {
        encoded.append("=\r\n");
        column = 0;
      }
      if (literal) {
        encoded.append((char) b);
      } else {
        encoded.append('=').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
      column += width;
    }
    return encoded.toString();
  }

  private static boolean isLineFeed(byte[] bytes, int at) {
    return at < bytes.length && bytes[at] == '\n';
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
