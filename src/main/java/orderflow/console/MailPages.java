package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import orderflow.mail.WaitingMails;
import orderflow.platform.http.Page;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The mails that wait, and why. */
@RestController
class MailPages {

  private final Console console;
  private final WaitingMails mails;

  MailPages(Console console, WaitingMails mails) {
    this.console = console;
    this.mails = mails;
  }

  @GetMapping("/console/mails")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    ApiCall call = Console.Place.MAILS.call();
    return console.open(
        request,
        call,
        visit -> {
          String cursor = visit.param("cursor");
          Page<WaitingMails.WaitingMail> page = mails.list(Visit.PAGE, cursor);
          return Answer.View.of("mails")
              .with("mails", page.entries())
              .with("next", visit.next(page))
              .withCurl(call.at().query(Collections.singletonMap("cursor", cursor)));
        });
  }
}
