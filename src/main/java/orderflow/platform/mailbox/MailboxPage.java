package orderflow.platform.mailbox;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import orderflow.platform.page.PageHeaders;
import orderflow.platform.page.PageTemplates;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
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

  /** Mails are others' texts: the page that shows them runs no script at all. */
  private static final String OWN_PAGE =
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Mailbox mailbox;
  private final PageTemplates pages;

  MailboxPage(Mailbox mailbox, PageTemplates pages) {
    this.mailbox = mailbox;
    this.pages = pages;
  }

  @GetMapping("/mailbox")
  ResponseEntity<String> list(
      HttpServletRequest request, @RequestParam(defaultValue = "1") int page) {
    int count = Math.max(1, (mailbox.size() + MAILS_A_PAGE - 1) / MAILS_A_PAGE);
    int shown = Math.max(1, Math.min(page, count));
    return PageHeaders.html(200, OWN_PAGE)
        .body(
            pages.render(
                "mailbox-list",
                request,
                Map.of(
                    "mailbox",
                    true,
                    "mails",
                    mailbox.page((shown - 1) * MAILS_A_PAGE, MAILS_A_PAGE),
                    "received",
                    mailbox.received(),
                    "kept",
                    mailbox.size(),
                    "page",
                    shown,
                    "pages",
                    count)));
  }

  @GetMapping("/mailbox/{id}")
  ResponseEntity<String> show(HttpServletRequest request, @PathVariable long id) {
    ReceivedMail mail = find(id);
    return PageHeaders.html(200, OWN_PAGE)
        .body(
            pages.render(
                "mailbox-mail",
                request,
                Map.of(
                    "mailbox",
                    true,
                    "mail",
                    mail,
                    "text",
                    mail.text().orElse(""),
                    "hasHtml",
                    mail.html().isPresent())));
  }

  @GetMapping("/mailbox/{id}/html")
  ResponseEntity<String> body(@PathVariable long id) {
    return PageHeaders.html(200, PageHeaders.MAIL)
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
    return PageHeaders.safe(200, OWN_PAGE).body(find(id).source());
  }

  private ReceivedMail find(long id) {
    return mailbox.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }
}
