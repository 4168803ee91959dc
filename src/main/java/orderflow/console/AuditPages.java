package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import orderflow.audit.OperatorAction;
import orderflow.audit.OperatorActions;
import orderflow.platform.http.Page;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who did what. */
@RestController
class AuditPages {

  private static final ApiCall LIST = ApiCall.get("/api/operator-actions");

  private final Console console;
  private final OperatorActions actions;

  AuditPages(Console console, OperatorActions actions) {
    this.console = console;
    this.actions = actions;
  }

  @GetMapping("/console/audit")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        LIST,
        visit -> {
          String cursor = visit.param("cursor");
          Page<OperatorAction> page = actions.list(Visit.PAGE, cursor);
          return Answer.View.of("audit")
              .with("actions", page.entries())
              .with("next", visit.next(page))
              .withCurl(LIST.at().query(Collections.singletonMap("cursor", cursor)));
        });
  }
}
