package orderflow.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/** What it means that a mail could not be sent. */
enum SmtpFailure {
  /**
   * The server can't be reached, ends the conversation (421), or takes no sender now: no mail's
   * fault.
   */
  AWAY,
  /**
   * The server refuses what this system sends, whatever the mail: a login, a right to relay, a
   * sender's address or a quota is missing. No mail's fault.
   */
  SENDER_REFUSED,
  /** It won't take this mail now (4xx). */
  BUSY,
  /** It won't ever take this mail (5xx). */
  REFUSED,
  /** The connection was lost with all of the mail written and no answer: it may have been taken. */
  IN_DOUBT;

  private static final int CLOSING = 421;

  /** By the server's answer. */
  static SmtpFailure of(MessagingException failure, MimeMessage mail) {
    for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
      if (e instanceof SMTPAddressFailedException recipient) {
        return byCode(recipient.getReturnCode(), String.valueOf(recipient.getMessage()), mail);
      }
      if (e instanceof SMTPSendFailedException command) {
        return command.getCommand().startsWith("MAIL")
            ? ofSender(command.getReturnCode())
            : byCode(command.getReturnCode(), String.valueOf(command.getMessage()), mail);
      }
      if (e instanceof AuthenticationFailedException) {
        return SENDER_REFUSED;
      }
    }
    return lost(mail);
  }

  /** The innermost reason, in one line and without the recipient's address or name there. */
  static String reason(Throwable failure, String recipient) {
    Throwable cause = failure;
    while (cause instanceof MessagingException m && m.getNextException() != null) {
      cause = m.getNextException();
    }
    String text = LocaleFormat.printable(String.valueOf(cause.getMessage()));
    String user = recipient.substring(0, Math.max(0, recipient.lastIndexOf('@')));
    String masked =
        text.replaceAll("(?i)" + Pattern.quote(recipient), "…")
            .replaceAll("(?i)(?<![\\w.-])" + Pattern.quote(user) + "(?![\\w.-]*\\w)", "…");
    return masked.substring(0, Math.min(masked.length(), 500));
  }

  private static SmtpFailure ofSender(int code) {
    return code / 100 == 5 ? SENDER_REFUSED : AWAY;
  }

  private static SmtpFailure byCode(int code, String reply, MimeMessage mail) {
    if (code == CLOSING) {
      return AWAY;
    }
    return switch (code / 100) {
      case 4 -> BUSY;
      case 5 -> SmtpReply.isAboutTheSender(code, reply) ? SENDER_REFUSED : REFUSED;
      default -> lost(mail);
    };
  }

  private static SmtpFailure lost(MimeMessage mail) {
    return mail instanceof OutgoingMail outgoing && outgoing.wasWritten() ? IN_DOUBT : AWAY;
  }
}
