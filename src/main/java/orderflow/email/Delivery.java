package orderflow.email;

import jakarta.mail.MessagingException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Tries to send one mail and decides what follows from the server's answer. */
@Component
class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private final ConfirmationMails mails;
  private final Transmission transmission;
  private final Patience patience;
  private final Clock clock;

  Delivery(ConfirmationMails mails, Transmission transmission, MailSettings settings, Clock clock) {
    this.mails = mails;
    this.transmission = transmission;
    this.patience = new Patience(settings);
    this.clock = clock;
  }

  /** Nothing can be said of the mail: its server is away. */
  static final class ServerAway extends Exception {
    private static final long serialVersionUID = 1;

    ServerAway(MessagingException cause) {
      super(cause);
    }
  }

  /** Before a round of attempts: templates that have changed are used in it. */
  void begin() {
    mails.lookAtTemplates();
  }

  Outcome attempt(DueMail due) throws ServerAway {
    OutgoingMail mail;
    try {
      mail = mails.write(Confirmation.read(due.eventBytes()));
    } catch (RuntimeException e) {
      log.error("The mail of order {} can't be written: {}", due.orderId(), e.getMessage());
      return Outcome.failed(
          due, "can't be written: " + ConfirmationModel.printable(String.valueOf(e.getMessage())));
    }
    try {
      transmission.send(mail);
      return Outcome.sent(due, clock.instant());
    } catch (MessagingException e) {
      return refused(due, mail, e);
    }
  }

  private Outcome refused(DueMail due, OutgoingMail mail, MessagingException failure)
      throws ServerAway {
    String reason = SmtpFailure.reason(failure, mail.recipient().getAddress());
    return switch (SmtpFailure.of(failure, mail)) {
      case AWAY -> throw new ServerAway(failure);
      case REFUSED -> Outcome.failed(due, reason);
      case BUSY ->
          patience
              .after(due.attempts() + 1)
              .map(pause -> Outcome.again(due, clock.instant().plus(pause), due.inDoubt(), reason))
              .orElseGet(() -> Outcome.failed(due, reason));
      case IN_DOUBT ->
          due.inDoubt()
              ? Outcome.failed(
                  due, "twice the connection was lost before the server had confirmed the mail")
              : Outcome.again(
                  due,
                  clock.instant(),
                  true,
                  "the connection was lost before the server had confirmed the mail");
    };
  }
}
