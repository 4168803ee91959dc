package orderflow.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Writes MIME bodies (RFC 2045, RFC 2046) straight to bytes. */
final class MimeParts {

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
    byte[] bytes = text.lines().collect(Collectors.joining("\r\n")).getBytes(StandardCharsets.UTF_8);
    String encoding = encoding(bytes);
    ascii(out, "--" + boundary
        + "\r\nContent-Type: " + type + "; charset=UTF-8"
        + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n");
    try (OutputStream encoder = MimeUtility.encode(out, encoding)) {
      encoder.write(bytes);
    } catch (IOException | MessagingException e) {
      throw new IllegalStateException(e);
    }
    ascii(out, "\r\n");
  }

  /** The shorter one: quoted-printable takes three bytes for one beyond ASCII, Base64 four for any three. */
  private static String encoding(byte[] bytes) {
    int beyondAscii = 0;
    for (byte b : bytes) {
      if (b < 0) {
        beyondAscii++;
      }
    }
    return beyondAscii * 6L > bytes.length ? "base64" : "quoted-printable";
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
