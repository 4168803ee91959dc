package orderflow.mail;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** A mail as a mail client reads it. */
record Received(MimeMessage message, String source) {

  static Received of(MimeMessage sent) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      sent.writeTo(out);
      MimeMessage read =
          new MimeMessage(
              Session.getInstance(new Properties()), new ByteArrayInputStream(out.toByteArray()));
      return new Received(read, out.toString(StandardCharsets.US_ASCII));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  String text() {
    return part(0, "text/plain");
  }

  String html() {
    return part(1, "text/html");
  }

  private String part(int index, String type) {
    try {
      MimeMultipart parts = (MimeMultipart) message.getContent();
      if (!parts.getContentType().startsWith("multipart/alternative")
          || parts.getCount() != 2
          || !parts.getBodyPart(index).isMimeType(type)) {
        throw new AssertionError("no multipart/alternative of text and HTML");
      }
      return (String) parts.getBodyPart(index).getContent();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
