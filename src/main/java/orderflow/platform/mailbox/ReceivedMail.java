package orderflow.platform.mailbox;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One mail as the embedded SMTP server took it; what it cannot read of a malformed mail shows as
 * empty.
 */
public record ReceivedMail(long id, Instant receivedAt, MimeMessage message) {

  public String from() {
    return addresses(() -> message.getFrom());
  }

  public String to() {
    return addresses(() -> message.getRecipients(Message.RecipientType.TO));
  }

  public String subject() {
    return read(message::getSubject).orElse("");
  }

  public Optional<String> header(String name) {
    return read(() -> message.getHeader(name, null));
  }

  public Optional<String> text() {
    return read(() -> body(message, "text/plain"));
  }

  public Optional<String> html() {
    return read(() -> body(message, "text/html"));
  }

  /** Its body's bytes. */
  int size() {
    return read(message::getSize).orElse(0);
  }

  /** The mail as it came over the wire (RFC 5322), with the trace headers of its arrival on top. */
  public byte[] source() {
    try (var out = new ByteArrayOutputStream()) {
      message.writeTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new IllegalStateException("mail " + id + " cannot be read", e);
    }
  }

  private static String addresses(Reading<Address[]> reading) {
    return read(reading).stream()
        .flatMap(Arrays::stream)
        .map(
            address ->
                address instanceof InternetAddress mailbox
                    ? mailbox.toUnicodeString()
                    : address.toString())
        .collect(Collectors.joining(", "));
  }

  private static @Nullable String body(Part part, String type)
      throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return part.getContent().toString();
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        String found = body(parts.getBodyPart(i), type);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static <T> Optional<T> read(Reading<T> reading) {
    try {
      return Optional.ofNullable(reading.read());
    } catch (MessagingException | IOException e) {
      return Optional.empty();
    }
  }

  private interface Reading<T> {
    @Nullable T read() throws MessagingException, IOException;
  }
}
