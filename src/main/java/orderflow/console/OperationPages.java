package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import orderflow.operation.Operation;
import orderflow.operation.OperationResult;
import orderflow.operation.OperationState;
import orderflow.operation.Operations;
import orderflow.platform.http.Page;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Long work: how far it has come, pause, resume and stop. */
@RestController
class OperationPages {

  private static final ApiCall LIST = ApiCall.get("/api/operations");
  private static final ApiCall SHOW = ApiCall.get("/api/operations/{id}");
  private static final ApiCall PAUSE = ApiCall.post("/api/operations/{id}/pause");
  private static final ApiCall RESUME = ApiCall.post("/api/operations/{id}/resume");
  private static final ApiCall CANCEL = ApiCall.post("/api/operations/{id}/cancel");

  private final Console console;
  private final Operations operations;

  OperationPages(Console console, Operations operations) {
    this.console = console;
    this.operations = operations;
  }

  @FunctionalInterface
  private interface Change {
    OperationResult by(long id, Actor actor);
  }

  @GetMapping("/console/operations")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        LIST,
        visit -> {
          String state = Visit.name(visit.param("state", OperationState.class));
          String cursor = visit.param("cursor");
          Page<Operation> page = operations.list(state, Visit.PAGE, cursor);
          Map<String, @Nullable String> query = new LinkedHashMap<>();
          query.put("state", state);
          query.put("cursor", cursor);
          return Answer.View.of("operations")
              .with("operations", page.entries())
              .with("next", visit.next(page))
              .with("state", state)
              .with("states", Visit.names(OperationState.class))
              .withCurl(LIST.at().query(query));
        });
  }

  @GetMapping("/console/operations/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    long id = visit.api().number("id");
    Operation operation = visit.found(operations.find(id));
    Answer.View view =
        Answer.View.of("operation")
            .with("operation", operation)
            .with("page", "/console/operations/" + id)
            .withCurl(SHOW.at(id));
    if (operation.isPausable()) {
      view.withCurl(PAUSE.at(id));
    }
    if (operation.isResumable()) {
      view.withCurl(RESUME.at(id));
    }
    return operation.isCancellable() ? view.withCurl(CANCEL.at(id)) : view;
  }

  @PostMapping("/console/operations/{id}/pause")
  ResponseEntity<String> pause(HttpServletRequest request) throws Exception {
    return change(request, PAUSE, operations::pause, "operation-paused");
  }

  @PostMapping("/console/operations/{id}/resume")
  ResponseEntity<String> resume(HttpServletRequest request) throws Exception {
    return change(request, RESUME, operations::resume, "operation-resumed");
  }

  @PostMapping("/console/operations/{id}/cancel")
  ResponseEntity<String> cancel(HttpServletRequest request) throws Exception {
    return change(request, CANCEL, operations::cancel, "operation-cancelled");
  }

  private ResponseEntity<String> change(
      HttpServletRequest request, ApiCall call, Change change, String done) throws Exception {
    return console.open(
        request,
        call,
        visit -> {
          long id = visit.api().number("id");
          OperationResult result = change.by(id, visit.actor());
          if (result == OperationResult.DONE) {
            return new Answer.Go("/console/operations/" + id + "?done=" + done);
          }
          if (result != OperationResult.UNKNOWN) {
            visit.fault("", visit.text("operation-" + result));
          }
          return show(visit);
        });
  }
}
