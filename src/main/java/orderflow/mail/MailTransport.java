package orderflow.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;

/** Hands a mail to the mail server. */
@FunctionalInterface
public interface MailTransport {

  /**
   * Returns once the server has taken it.
   *
   * @throws MessagingException what the server or the connection to it said instead
   */
  void send(MimeMessage mail) throws MessagingException;
}
