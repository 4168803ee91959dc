package orderflow.mail;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A message that is written as it was made, and knows whether a server may have got the whole of
 * it.
 */
public final class OutgoingMail extends MimeMessage {

  static {
    // Looked up for each message otherwise, which halves the mails a second.
    System.setProperty(
        "jakarta.mail.util.StreamProvider", "org.eclipse.angus.mail.util.MailStreamProvider");
  }

  private static final Session NO_SESSION = Session.getInstance(new java.util.Properties());

  private final InternetAddress recipient;
  private volatile boolean written;

  /**
   * @param headers all of them
   * @param content encoded, with CRLF line ends
   */
  OutgoingMail(InternetAddress recipient, InternetHeaders headers, byte[] content) {
    super(NO_SESSION);
    this.recipient = recipient;
    this.headers = headers;
    this.content = content;
    this.modified = false;
    this.saved = true;
  }

  InternetAddress recipient() {
    return recipient;
  }

  /** Known without reading the headers again. */
  @Override
  public Address[] getAllRecipients() {
    return new Address[] {recipient};
  }

  /** Whether all of it was written to a server that had agreed to take it. */
  boolean wasWritten() {
    return written;
  }

  /** The SMTP transport calls it once the server has answered DATA. */
  @Override
  public void writeTo(OutputStream out, String[] ignoredHeaders)
      throws IOException, MessagingException {
    super.writeTo(out, ignoredHeaders);
    written = true;
  }
}
