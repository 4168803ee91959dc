package orderflow.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.validation.constraints.Min;
import java.io.UnsupportedEncodingException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How confirmations are written and sent; see application.yml.
 *
 * @param from one mailbox by RFC 5322, with or without a display name
 * @param templates the folder whose templates win over the jar's own
 * @param timeZone of the dates in mails; empty: this machine's
 * @param senderThreads each with an SMTP connection
 * @param batch most mails in a transaction of a sender
 */
@Validated
@ConfigurationProperties("orderflow.mail")
record MailSettings(
    @SenderAddress String from,
    Path templates,
    String timeZone,
    @Min(1) int senderThreads,
    @Min(1) int batch,
    @DurationMin(millis = 1) Duration initialBackoff,
    @DurationMin(millis = 1) Duration maxBackoff,
    @DurationMin Duration giveUpAfter,
    @DurationMin Duration sentRetention) {

  MailSettings {
    if (maxBackoff.compareTo(initialBackoff) < 0) {
      throw new IllegalArgumentException(
          "orderflow.mail.max-backoff must be no less than orderflow.mail.initial-backoff");
    }
    try {
      if (!timeZone.isBlank()) {
        ZoneId.of(timeZone.strip());
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "orderflow.mail.time-zone must be a time zone, such as Asia/Seoul, not '"
              + timeZone
              + "'");
    }
  }

  ZoneId zone() {
    return timeZone.isBlank() ? ZoneId.systemDefault() : ZoneId.of(timeZone.strip());
  }

  InternetAddress sender() {
    try {
      InternetAddress address = new InternetAddress(from, true);
      return new InternetAddress(address.getAddress(), address.getPersonal(), "UTF-8");
    } catch (AddressException | UnsupportedEncodingException e) {
      throw new IllegalStateException(e); // its constraint has let it pass
    }
  }
}
