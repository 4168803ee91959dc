package orderflow.mail;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import orderflow.order.Amount;
import orderflow.order.Item;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes order confirmations as mails: text and HTML in the customer's language. */
@Component
class ConfirmationMails {

  /** RFC 5322, section 3.3. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Where Gmail cuts a mail off, in bytes. */
  private static final int LARGEST_HTML = 102_400;

  private final ConfirmationModel model;
  private final Clock clock;
  private final InternetAddress sender;
  private final String domain;
  private final MailTemplates templates;

  ConfirmationMails(ConfirmationModel model, MailSettings settings, Clock clock) {
    this.model = model;
    this.clock = clock;
    this.sender = settings.sender();
    this.domain = sender.getAddress().substring(sender.getAddress().lastIndexOf('@') + 1);
    this.templates =
        new MailTemplates(
            settings.templates(),
            locale ->
                List.of(
                    model.of(sample(BigDecimal.ONE, "WELCOME10"), locale),
                    model.of(sample(BigDecimal.ZERO, null), locale)));
  }

  /**
   * Sees what has changed in the templates' folder; twice a mail, that would take a tenth of its
   * time.
   */
  void lookAtTemplates() {
    templates.look();
  }

  /** The mail of a confirmation; its Message-ID is the same each time. */
  OutgoingMail write(Confirmation confirmation) {
    OutgoingMail mail = null;
    while (mail == null) { // a pair that fails is not used again until it changes
      mail = write(confirmation, templates.of(confirmation.language()));
    }
    return mail;
  }

  private @Nullable OutgoingMail write(Confirmation confirmation, MailTemplates.Pair pair) {
    Map<String, Object> printed = model.of(confirmation, pair.locale());
    String text = pair.text().render(printed);
    String html = html(pair, printed, confirmation.items().size());
    if (text == null || html == null) {
      return null;
    }
    int subjectEnd = text.indexOf('\n') + 1;
    InternetAddress recipient = recipient(confirmation);
    String boundary = "=_" + confirmation.orderId();
    return new OutgoingMail(
        recipient,
        headers(
            confirmation,
            pair.tag(),
            recipient,
            ConfirmationModel.printable(text.substring(0, subjectEnd)),
            boundary),
        MimeParts.alternative(boundary, text.substring(subjectEnd).stripLeading(), html));
  }

  /**
   * Of a long order, the first items are listed and the others counted: Gmail cuts longer mails,
   * and with them the total.
   */
  private static @Nullable String html(
      MailTemplates.Pair pair, Map<String, Object> model, int all) {
    String html = pair.html().render(model);
    if (html == null || fits(html)) {
      return html;
    }
    int fitting = 0;
    int tooMany = all;
    String shortest = null;
    while (tooMany - fitting > 1) {
      int items = (fitting + tooMany) / 2;
      html = pair.html().render(ConfirmationModel.shortened(model, items, pair.locale()));
      if (html == null) {
        return null;
      }
      if (fits(html)) {
        fitting = items;
        shortest = html;
      } else {
        tooMany = items;
      }
    }
    return shortest == null ? html : shortest;
  }

  /** With the line ends of mail. */
  private static boolean fits(String html) {
    return html.getBytes(StandardCharsets.UTF_8).length + html.lines().count() < LARGEST_HTML;
  }

  private InternetHeaders headers(
      Confirmation confirmation,
      String language,
      InternetAddress recipient,
      String subject,
      String boundary) {
    InternetHeaders headers = new InternetHeaders();
    headers.addHeaderLine("Date: " + DATE.format(clock.instant()));
    headers.addHeaderLine("From: " + sender.toString());
    headers.addHeaderLine("To: " + MimeUtility.fold(4, written(recipient)));
    headers.addHeaderLine("Message-ID: <order-" + confirmation.orderId() + "@" + domain + ">");
    headers.addHeaderLine("Subject: " + MimeUtility.fold(9, encoded(subject)));
    headers.addHeaderLine("X-Order-Id: " + confirmation.orderId().toString());
    headers.addHeaderLine("Auto-Submitted: auto-generated");
    headers.addHeaderLine("Content-Language: " + language);
    headers.addHeaderLine("MIME-Version: 1.0");
    headers.addHeaderLine("Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"");
    return headers;
  }

  /** With the customer's name where it is known, quoted or encoded by RFC 5322 and RFC 2047. */
  private static InternetAddress recipient(Confirmation confirmation) {
    try {
      String name = ConfirmationModel.printable(confirmation.customerName());
      return new InternetAddress(
          confirmation.email(), name.isEmpty() ? null : name, StandardCharsets.UTF_8.name());
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The name is quoted, encoded, or both as need be. */
  private static String written(InternetAddress recipient) {
    String name = recipient.getPersonal();
    return name != null && EncodedWords.areIn(name)
        ? EncodedWords.of(name) + " <" + recipient.getAddress() + ">"
        : recipient.toString();
  }

  private static String encoded(String subject) {
    if (EncodedWords.areIn(subject)) {
      return EncodedWords.of(subject);
    }
    try {
      return MimeUtility.encodeText(subject, StandardCharsets.UTF_8.name(), null);
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Confirmation sample(BigDecimal discount, @Nullable String coupon) {
    BigDecimal price = new BigDecimal(coupon == null ? 10 : 39_000);
    return new Confirmation(
        new UUID(0, 0),
        "1001",
        "c-1",
        "sample@example.com",
        "Sample",
        coupon == null ? null : "+82 10-1234-5678",
        "en",
        Currency.getInstance("KRW"),
        List.of(new Item("TS-001", "Shirt", 1, price)),
        price,
        discount,
        price.subtract(discount),
        coupon,
        coupon == null ? List.of() : List.of(new Amount("Sale", BigDecimal.ONE)),
        coupon == null ? List.of() : List.of(new Amount("Shipping", BigDecimal.ONE)),
        price.subtract(discount),
        coupon == null ? null : Instant.EPOCH);
  }
}
