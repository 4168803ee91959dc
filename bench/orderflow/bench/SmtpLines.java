package orderflow.bench;

import jakarta.mail.internet.MimeUtility;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an SMTP client says, line by line. */
final class SmtpLines {

  private static final byte[] ORDER = "X-Order-Id:".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] MESSAGE_ID = "Message-ID:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SUBJECT = "Subject:".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final InputStream in;
  // More than the longest line that RFC 5321 allows.
  private final byte[] buffer = new byte[64 * 1024];
  private int begin; // of the line at hand
  private int next; // behind it
  private int end; // of what has been read
  private String messageId = "-"; // of the mail that was read last

  SmtpLines(InputStream in) {
    this.in = in;
  }

  /** Reads the next line; false at the end of the connection. */
  boolean next() throws IOException {
    begin = next;
    for (int i = begin; ; i++) {
      if (i == end) {
        i -= begin;
        if (!readMore()) {
          return false;
        }
      }
      if (buffer[i] == '\n') {
        next = i + 1;
        return true;
      }
    }
  }

  /** Moves the line's begin to the front and reads what there is behind it. */
  private boolean readMore() throws IOException {
    System.arraycopy(buffer, begin, buffer, 0, end - begin);
    end -= begin;
    begin = 0;
    int read = in.read(buffer, end, buffer.length - end);
    end += Math.max(read, 0);
    return read > 0;
  }

  /** The first four letters. */
  String verb() {
    String text = text();
    return text.substring(0, Math.min(4, text.length())).toUpperCase(Locale.ROOT);
  }

  String between(char first, char last) {
    String text = text();
    return text.substring(text.indexOf(first) + 1, text.indexOf(last));
  }

  /** Whether the client has said more already. */
  boolean waiting() {
    return next < end;
  }

  /**
   * Reads a mail to its end and gives its order's id, by {@code X-Order-Id} or else by the subject,
   * or a dash.
   *
   * @throws EOFException if the connection ends before
   */
  String mail(OutputStream copy) throws IOException {
    String order = "-";
    messageId = "-";
    StringBuilder subject = new StringBuilder();
    boolean inSubject = false;
    boolean inHeaders = true;
    while (true) {
      if (!next()) {
        throw new EOFException();
      }
      if (isLoneDot()) {
        return order.equals("-") ? named(subject.toString()) : order;
      }
      if (startsWith(ORDER)) {
        order = text().substring(ORDER.length).strip();
      }
      if (inHeaders && startsWith(MESSAGE_ID)) {
        messageId = text().substring(MESSAGE_ID.length).strip();
      }
      if (inHeaders) {
        inSubject = inSubject && buffer[begin] == ' ' || startsWith(SUBJECT);
        if (inSubject) {
          subject.append(text());
        }
        inHeaders = next - begin > 2;
      }
      copy.write(buffer, begin, next - begin);
    }
  }

  /** Of the mail that was read last, or a dash. */
  String messageId() {
    return messageId;
  }

  private static String named(String subject) throws IOException {
    Matcher id = ID.matcher(MimeUtility.decodeText(MimeUtility.unfold(subject.strip())));
    return id.find() ? id.group() : "-";
  }

  private boolean isLoneDot() {
    return next - begin == 3 && buffer[begin] == '.';
  }

  private boolean startsWith(byte[] word) {
    return next - begin > word.length
        && Arrays.equals(buffer, begin, begin + word.length, word, 0, word.length);
  }

  private String text() {
    return new String(buffer, begin, next - begin, StandardCharsets.UTF_8);
  }
}
