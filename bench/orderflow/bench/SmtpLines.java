package orderflow.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What an SMTP client says, line by line. */
final class SmtpLines {

  private static final String ORDER = "X-Order-Id:";

  private final InputStream in;
  private final Line line = new Line();
  private final ByteArrayOutputStream mail = new ByteArrayOutputStream(8192);

  SmtpLines(InputStream in) {
    this.in = in;
  }

  /** Reads the next line; false at the end of the connection. */
  boolean next() throws IOException {
    line.reset();
    for (int one = in.read(); one >= 0; one = in.read()) {
      line.write(one);
      if (one == '\n') {
        return true;
      }
    }
    return false;
  }

  /** The first four letters. */
  String verb() {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.substring(0, Math.min(4, text.length())).toUpperCase(Locale.ROOT);
  }

  String between(char first, char last) {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.substring(text.indexOf(first) + 1, text.indexOf(last));
  }

  /** Whether the client has said more already. */
  boolean waiting() throws IOException {
    return in.available() > 0;
  }

  /** Reads a mail to its end and gives its order's id, or a dash. */
  String mail() throws IOException {
    String order = "-";
    mail.reset();
    while (next() && !line.isLoneDot()) {
      if (line.startsWith(ORDER)) {
        order = line.toString(StandardCharsets.UTF_8).substring(ORDER.length()).strip();
      }
      line.writeTo(mail);
    }
    return order;
  }

  /** The mail that was read last, its dots as they came. */
  byte[] lastMail() {
    return mail.toByteArray();
  }

  private static final class Line extends ByteArrayOutputStream {

    boolean isLoneDot() {
      return count == 3 && buf[0] == '.';
    }

    boolean startsWith(String text) {
      if (count < text.length()) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (buf[i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
