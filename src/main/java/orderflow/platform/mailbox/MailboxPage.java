package orderflow.platform.mailbox;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Shows what the embedded SMTP server has taken; a page for people on this machine, not a message
 * flow.
 */
@RestController
@ConditionalOnProperty("orderflow.embedded.mailbox.active")
class MailboxPage {

  private static final int MAILS_A_PAGE = 50;

  private static final String OWN_PAGE =
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** A mail may style itself and bring its own pictures; it runs no script and calls no host. */
  private static final String MAIL =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

  private final Mailbox mailbox;
  private final MailboxTemplates templates;

  MailboxPage(Mailbox mailbox, MailboxTemplates templates) {
    this.mailbox = mailbox;
    this.templates = templates;
  }

  @GetMapping("/mailbox")
  ResponseEntity<String> list(@RequestParam(defaultValue = "1") int page) {
    int pages = Math.max(1, (mailbox.size() + MAILS_A_PAGE - 1) / MAILS_A_PAGE);
    int shown = Math.max(1, Math.min(page, pages));
    return html(OWN_PAGE)
        .body(
            templates.render(
                "list",
                Map.of(
                    "mails",
                    mailbox.page((shown - 1) * MAILS_A_PAGE, MAILS_A_PAGE),
                    "received",
                    mailbox.received(),
                    "kept",
                    mailbox.size(),
                    "page",
                    shown,
                    "pages",
                    pages)));
  }

  @GetMapping("/mailbox/{id}")
  ResponseEntity<String> show(@PathVariable long id) {
    ReceivedMail mail = find(id);
    return html(OWN_PAGE)
        .body(
            templates.render(
                "mail",
                Map.of(
                    "mail",
                    mail,
                    "text",
                    mail.text().orElse(""),
                    "hasHtml",
                    mail.html().isPresent())));
  }

  @GetMapping("/mailbox/{id}/html")
  ResponseEntity<String> body(@PathVariable long id) {
    return html(MAIL)
        .body(find(id).html().orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
  }

  /**
   * The mail's own bytes (RFC 5322): plain text for a browser, {@code message/rfc822} for who asks
   * for it.
   */
  @GetMapping(
      path = "/mailbox/{id}/source",
      produces = {"text/plain;charset=UTF-8", "message/rfc822"})
  ResponseEntity<byte[]> source(@PathVariable long id) {
    return safe(OWN_PAGE).body(find(id).source());
  }

  private ReceivedMail find(long id) {
    return mailbox.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private static ResponseEntity.BodyBuilder html(String contentPolicy) {
    return safe(contentPolicy).contentType(MediaType.parseMediaType("text/html;charset=UTF-8"));
  }

  private static ResponseEntity.BodyBuilder safe(String contentPolicy) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header("Content-Security-Policy", contentPolicy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
