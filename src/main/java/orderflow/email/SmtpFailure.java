package orderflow.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/** What it means that a mail could not be sent. */
enum SmtpFailure {
  /**
   * The server can't be reached, ends the conversation (421), or won't have us: no mail's fault.
   */
  AWAY,
  /** It won't take this mail now (4xx). */
  BUSY,
  /** It won't ever take this mail (5xx). */
  REFUSED,
  /** The connection was lost with all of the mail written and no answer: it may have been taken. */
  IN_DOUBT;

  private static final int CLOSING = 421;

  /**
   * By the server's answer; a refusal to log in or of the sender's address is about us, not about
   * the mail.
   */
  static SmtpFailure of(MessagingException failure, MimeMessage mail) {
    for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
      if (e instanceof SMTPAddressFailedException recipient) {
        return byCode(recipient.getReturnCode(), mail);
      }
      if (e instanceof SMTPSendFailedException command) {
        return command.getCommand().startsWith("MAIL")
            ? AWAY
            : byCode(command.getReturnCode(), mail);
      }
    }
    return lost(mail);
  }

  /** The innermost reason, in one line and without the recipient's address. */
  static String reason(Throwable failure, String recipient) {
    Throwable cause = failure;
    while (cause instanceof MessagingException m && m.getNextException() != null) {
      cause = m.getNextException();
    }
    String text = ConfirmationModel.printable(String.valueOf(cause.getMessage()));
    String masked = text.replaceAll("(?i)" + java.util.regex.Pattern.quote(recipient), "…");
    return masked.substring(0, Math.min(masked.length(), 500));
  }

  private static SmtpFailure byCode(int code, MimeMessage mail) {
    if (code == CLOSING) {
      return AWAY;
    }
    return switch (code / 100) {
      case 4 -> BUSY;
      case 5 -> REFUSED;
      default -> lost(mail);
    };
  }

  private static SmtpFailure lost(MimeMessage mail) {
    return mail instanceof OutgoingMail outgoing && outgoing.wasWritten() ? IN_DOUBT : AWAY;
  }
}
