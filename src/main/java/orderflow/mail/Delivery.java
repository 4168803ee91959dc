package orderflow.mail;

import jakarta.mail.MessagingException;
import java.time.Clock;
import java.util.Optional;
import orderflow.mail.MailServerState.Hindrance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Tries to send one mail and decides what follows from the server's answer. */
@Component
class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private final OrderMails mails;
  private final MailTransport transmission;
  private final MailBackoff backoff;
  private final Clock clock;
  private final MailServerState server = new MailServerState(System::nanoTime);
  private final RefusedMails refusedMails = new RefusedMails();

  Delivery(OrderMails mails, MailTransport transmission, MailSettings settings, Clock clock) {
    this.mails = mails;
    this.transmission = transmission;
    this.backoff = new MailBackoff(settings);
    this.clock = clock;
  }

  /**
   * Nothing can be said of the mail: its server is away, or refuses whatever this system sends. Its
   * message names no recipient.
   */
  static final class ServerAway extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean refusesUs;

    ServerAway(String reason, boolean refusesUs) {
      super(reason);
      this.refusesUs = refusesUs;
    }

    /** Whether the server is there and refuses. */
    boolean refusesUs() {
      return refusesUs;
    }
  }

  /** What keeps mails from being sent just now. */
  Hindrance hindrance() {
    return server.now();
  }

  /** The same with how long it has; empty if nothing does. */
  Optional<MailHindrance> hindranceSince() {
    MailServerState.Held held = server.held();
    return held.by() == Hindrance.NONE
        ? Optional.empty()
        : Optional.of(
            new MailHindrance(
                held.by() == Hindrance.REFUSES,
                clock.instant().minus(held.length()),
                held.reason()));
  }

  /** Before a round of attempts: templates that have changed are used in it. */
  void begin() {
    mails.lookAtTemplates();
  }

  DeliveryResult attempt(DueMail due) throws ServerAway {
    OutgoingMail mail;
    try {
      mail = mails.write(due);
    } catch (RuntimeException | StackOverflowError e) {
      log.error("The mail of order {} can't be written: {}", due.orderId(), e.getMessage());
      return DeliveryResult.failed(
          due, "can't be written: " + LocaleFormat.printable(String.valueOf(e.getMessage())));
    }
    try {
      transmission.send(mail);
      server.takes();
      refusedMails.anotherWasTaken();
      return DeliveryResult.sent(due, clock.instant());
    } catch (MessagingException e) {
      return refused(due, mail, e);
    }
  }

  private DeliveryResult refused(DueMail due, OutgoingMail mail, MessagingException failure)
      throws ServerAway {
    String reason = SmtpFailure.reason(failure, mail.recipient().getAddress());
    return switch (SmtpFailure.of(failure, mail)) {
      case AWAY -> {
        server.is(Hindrance.AWAY, reason);
        throw new ServerAway(reason, false);
      }
      case SENDER_REFUSED -> {
        if (refusedMails.isItsOwn(due)) {
          yield busy(due, reason);
        }
        server.is(Hindrance.REFUSES, reason);
        throw new ServerAway(reason, true);
      }
      case REFUSED -> {
        server.takes();
        yield DeliveryResult.failed(due, reason);
      }
      case BUSY -> busy(due, reason);
      case IN_DOUBT ->
          due.inDoubt()
              ? DeliveryResult.failed(
                  due, "twice the connection was lost before the server had confirmed the mail")
              : DeliveryResult.again(
                  due,
                  clock.instant(),
                  true,
                  "the connection was lost before the server had confirmed the mail");
    };
  }

  private DeliveryResult busy(DueMail due, String reason) {
    server.takes();
    return backoff
        .after(due.attempts() + 1)
        .map(pause -> DeliveryResult.again(due, clock.instant().plus(pause), due.inDoubt(), reason))
        .orElseGet(() -> DeliveryResult.failed(due, reason));
  }
}
