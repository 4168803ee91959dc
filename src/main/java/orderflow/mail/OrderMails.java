package orderflow.mail;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes the mails about orders: text and HTML in the customer's language. */
@Component
class OrderMails {

  /** RFC 5322, section 3.3. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Where Gmail cuts a mail off, in bytes. */
  private static final int LARGEST_HTML = 102_400;

  private final ConfirmationModel confirmations;
  private final ReversalModel reversals;
  private final Clock clock;
  private final InternetAddress sender;
  private final String domain;
  private final Map<MailKind, MailTemplates> templates = new EnumMap<>(MailKind.class);

  OrderMails(
      ConfirmationModel confirmations,
      ReversalModel reversals,
      MailSettings settings,
      Clock clock) {
    this.confirmations = confirmations;
    this.reversals = reversals;
    this.clock = clock;
    this.sender = settings.sender();
    this.domain = sender.getAddress().substring(sender.getAddress().lastIndexOf('@') + 1);
    for (MailKind kind : MailKind.values()) {
      templates.put(
          kind,
          new MailTemplates(
              settings.templates(), kind.templates(), locale -> samples(kind, locale)));
    }
  }

  private List<Map<String, Object>> samples(MailKind kind, Locale locale) {
    return kind == MailKind.CONFIRMATION
        ? MailSamples.confirmations().map(sample -> confirmations.of(sample, locale)).toList()
        : MailSamples.notices().map(sample -> reversals.of(sample, locale)).toList();
  }

  /**
   * Has changes of the templates' folder seen from now on; twice a mail, that would take a tenth of
   * its time.
   */
  void lookAtTemplates() {
    templates.values().forEach(MailTemplates::look);
  }

  /**
   * A mail; its Message-ID is the same each time.
   *
   * @throws orderflow.consumer.InvalidEvent if it can't be made of its event
   */
  OutgoingMail write(DueMail due) {
    return MailKind.of(due.kind()) == MailKind.CONFIRMATION
        ? write(Confirmation.read(due.eventBytes()))
        : write(due.kind(), ReversalNotice.read(due.eventBytes()));
  }

  OutgoingMail write(Confirmation confirmation) {
    return write(draft(confirmation));
  }

  /** What a confirmation says, by the templates as they are now. */
  MailContent content(Confirmation confirmation) {
    lookAtTemplates();
    return content(draft(confirmation));
  }

  private Draft draft(Confirmation confirmation) {
    return new Draft(
        MailKind.CONFIRMATION.name(),
        confirmation.orderId(),
        confirmation.email(),
        confirmation.customerName(),
        confirmation.language(),
        confirmation.items().size(),
        locale -> confirmations.of(confirmation, locale));
  }

  /**
   * The mail about a reversal.
   *
   * @param kind as it is stored
   */
  OutgoingMail write(String kind, ReversalNotice notice) {
    return write(
        new Draft(
            kind,
            notice.orderId(),
            notice.mailbox(),
            notice.customerName(),
            notice.customer().locale(),
            notice.items().size(),
            locale -> reversals.of(notice, locale)));
  }

  /**
   * A mail that is in no language yet.
   *
   * @param kind as it is stored
   * @param language the customer's, as a BCP 47 tag
   * @param items how many its order has
   */
  private record Draft(
      String kind,
      UUID orderId,
      String email,
      String customerName,
      String language,
      int items,
      Function<Locale, Map<String, Object>> model) {}

  private OutgoingMail write(Draft draft) {
    MailContent content = content(draft);
    InternetAddress recipient = recipient(draft);
    String boundary = "=_" + draft.orderId;
    return new OutgoingMail(
        recipient,
        headers(draft, content.language(), recipient, content.subject(), boundary),
        MimeParts.alternative(boundary, content.text(), content.html()));
  }

  private MailContent content(Draft draft) {
    MailTemplates ofItsKind = Objects.requireNonNull(templates.get(MailKind.of(draft.kind)));
    MailContent content = null;
    while (content == null) { // a pair that fails is not used again until it changes
      content = content(draft, ofItsKind.of(draft.language));
    }
    return content;
  }

  private static @Nullable MailContent content(Draft draft, MailTemplates.Pair pair) {
    Map<String, Object> printed = draft.model.apply(pair.locale());
    String text = pair.text().render(printed);
    String html = html(pair, printed, draft.items);
    if (text == null || html == null) {
      return null;
    }
    int subjectEnd = text.indexOf('\n') + 1;
    return new MailContent(
        pair.tag(),
        LocaleFormat.printable(text.substring(0, subjectEnd)),
        text.substring(subjectEnd).stripLeading(),
        html);
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
      html = pair.html().render(shortened(model, items, pair.locale()));
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

  /** The model with the first items alone, and how many more there are. */
  private static Map<String, Object> shortened(
      Map<String, Object> model, int items, Locale locale) {
    List<?> all = (List<?>) Objects.requireNonNull(model.get("items"));
    Map<String, Object> shortened = new HashMap<>(model);
    shortened.put("items", all.subList(0, items));
    shortened.put("moreItems", NumberFormat.getIntegerInstance(locale).format(all.size() - items));
    return shortened;
  }

  /** With the line ends of mail. */
  private static boolean fits(String html) {
    return html.getBytes(StandardCharsets.UTF_8).length + html.lines().count() < LARGEST_HTML;
  }

  private InternetHeaders headers(
      Draft draft, String language, InternetAddress recipient, String subject, String boundary) {
    InternetHeaders headers = new InternetHeaders();
    headers.addHeaderLine("Date: " + DATE.format(clock.instant()));
    headers.addHeaderLine("From: " + sender.toString());
    headers.addHeaderLine("To: " + MimeUtility.fold(4, written(recipient)));
    headers.addHeaderLine("Message-ID: " + messageId(draft.orderId, draft.kind));
    if (MailKind.of(draft.kind) != MailKind.CONFIRMATION) {
      // So that mail programs show it below the order's confirmation.
      String confirmation = messageId(draft.orderId, MailKind.CONFIRMATION.name());
      headers.addHeaderLine("In-Reply-To: " + confirmation);
      headers.addHeaderLine("References: " + confirmation);
    }
    headers.addHeaderLine("Subject: " + MimeUtility.fold(9, encoded(subject)));
    headers.addHeaderLine("X-Order-Id: " + draft.orderId);
    headers.addHeaderLine("Auto-Submitted: auto-generated");
    headers.addHeaderLine("Content-Language: " + language);
    headers.addHeaderLine("MIME-Version: 1.0");
    headers.addHeaderLine("Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"");
    return headers;
  }

  private String messageId(UUID orderId, String kind) {
    return "<" + MailKind.idOf(orderId, kind) + "@" + domain + ">";
  }

  /** With the customer's name where it is known, quoted or encoded by RFC 5322 and RFC 2047. */
  private static InternetAddress recipient(Draft draft) {
    try {
      String name = LocaleFormat.printable(draft.customerName);
      return new InternetAddress(
          draft.email, name.isEmpty() ? null : name, StandardCharsets.UTF_8.name());
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The name is quoted, encoded, or both as need be. */
  private static String written(InternetAddress recipient) {
    String name = recipient.getPersonal();
    return name != null && EncodedWords.areNeededFor(name)
        ? EncodedWords.of(name) + " <" + recipient.getAddress() + ">"
        : recipient.toString();
  }

  private static String encoded(String subject) {
    if (EncodedWords.areNeededFor(subject)) {
      return EncodedWords.of(subject);
    }
    try {
      return MimeUtility.encodeText(subject, StandardCharsets.UTF_8.name(), null);
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
