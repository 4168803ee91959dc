package orderflow.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How confirmations are written and sent; see application.yml.
 *
 * @param from one mailbox by RFC 5322, with or without a display name
 * @param templates the folder whose templates win over the jar's own
 * @param timeZone of the dates in mails
 * @param senders threads, each with an SMTP connection
 * @param batch most mails in a transaction of a sender
 */
@ConfigurationProperties("orderflow.mail")
record MailSettings(
    @DefaultValue("orders@orderflow.example") String from,
    @DefaultValue("templates") Path templates,
    @DefaultValue("UTC") ZoneId timeZone,
    @DefaultValue("4") int senders,
    @DefaultValue("25") int batch,
    @DefaultValue("30s") Duration firstPause,
    @DefaultValue("1h") Duration longestPause,
    @DefaultValue("1d") Duration giveUpAfter,
    @DefaultValue("30d") Duration keepSent) {

  MailSettings {
    if (senders < 1 || batch < 1) {
      throw new IllegalArgumentException("orderflow.mail.senders and .batch must be at least 1");
    }
    if (firstPause.toMillis() < 1 || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "orderflow.mail.longest-pause must not be below .first-pause");
    }
    sender(from);
  }

  InternetAddress sender() {
    return sender(from);
  }

  private static InternetAddress sender(String from) {
    try {
      InternetAddress address = new InternetAddress(from, true);
      if (address.getAddress().indexOf('@') > 0) {
        return new InternetAddress(address.getAddress(), address.getPersonal(), "UTF-8");
      }
    } catch (AddressException | java.io.UnsupportedEncodingException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "MAIL_FROM (orderflow.mail.from) is no mail address: " + from);
  }
}
