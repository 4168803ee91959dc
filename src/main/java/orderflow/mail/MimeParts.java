package orderflow.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes MIME bodies (RFC 2045, RFC 2046) straight to bytes; Jakarta Mail's encoders take most of a
 * mail's time.
 */
final class MimeParts {

  private static final int LONGEST_LINE = 76;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

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
    byte[] bytes = withCrLf(text).getBytes(StandardCharsets.UTF_8);
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
    out.writeBytes(base64 ? Base64.getMimeEncoder().encode(bytes) : quotedPrintable(bytes));
    ascii(out, "\r\n");
  }

  /** The line ends of mail, whatever the template's are; none at the end. */
  private static String withCrLf(String text) {
    StringBuilder lines = new StringBuilder(text.length() + text.length() / 16);
    for (int begin = 0; begin < text.length(); ) {
      int end = text.indexOf('\n', begin);
      int next = end < 0 ? text.length() : end + 1;
      int last = end < 0 ? text.length() : end;
      boolean crLf = last > begin && text.charAt(last - 1) == '\r';
      lines.append(begin == 0 ? "" : "\r\n").append(text, begin, crLf ? last - 1 : last);
      begin = next;
    }
    return lines.toString();
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
  static byte[] quotedPrintable(byte[] bytes) {
    byte[] encoded = new byte[bytes.length * 3 + bytes.length / 8 + 8];
    int length = 0;
    int column = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '\r' && isLineFeed(bytes, i + 1)) {
        encoded[length++] = '\r';
        encoded[length++] = '\n';
        column = 0;
        i++;
        continue;
      }
      boolean literal =
          b > ' ' && b < 127 && b != '='
              || b == ' ' && i + 1 < bytes.length && bytes[i + 1] != '\r';
      int width = literal ? 1 : 3;
      if (column + width >= LONGEST_LINE) {
        encoded[length++] = '=';
        encoded[length++] = '\r';
        encoded[length++] = '\n';
        column = 0;
      }
      if (literal) {
        encoded[length++] = b;
      } else {
        encoded[length++] = '=';
        encoded[length++] = HEX[b >> 4 & 15];
        encoded[length++] = HEX[b & 15];
      }
      column += width;
    }
    return Arrays.copyOf(encoded, length);
  }

  private static boolean isLineFeed(byte[] bytes, int at) {
    return at < bytes.length && bytes[at] == '\n';
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
