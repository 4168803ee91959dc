package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import orderflow.consumer.ConsumerDesk;
import orderflow.system.SystemReport;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The installation, and the pause of consumers that a shop has added. */
@RestController
class SystemPages {

  private static final ApiCall SHOW = ApiCall.get("/api/system");
  private static final ApiCall PAUSE = ApiCall.post("/api/consumers/{name}/pause");
  private static final ApiCall RESUME = ApiCall.post("/api/consumers/{name}/resume");

  private final Console console;
  private final SystemReport system;
  private final ConsumerDesk consumers;

  SystemPages(Console console, SystemReport system, ConsumerDesk consumers) {
    this.console = console;
    this.system = system;
    this.consumers = consumers;
  }

  @GetMapping("/console/system")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    return Answer.View.of("system")
        .with("system", system.report())
        .with("mayPause", visit.may(PAUSE))
        .withCurl(SHOW.at())
        .withCurl(PAUSE.at());
  }

  @PostMapping("/console/system/consumers/{name}/pause")
  ResponseEntity<String> pause(HttpServletRequest request, @PathVariable String name)
      throws Exception {
    return console.open(request, PAUSE, visit -> pause(visit, name, true));
  }

  @PostMapping("/console/system/consumers/{name}/resume")
  ResponseEntity<String> resume(HttpServletRequest request, @PathVariable String name)
      throws Exception {
    return console.open(request, RESUME, visit -> pause(visit, name, false));
  }

  private Answer pause(Visit visit, String name, boolean paused) {
    ConsumerDesk.PauseResult result = consumers.pause(name, paused, visit.actor());
    if (result == ConsumerDesk.PauseResult.DONE) {
      return new Answer.Go("/console/system?done=" + (paused ? "paused" : "resumed"));
    }
    visit.fault("", visit.text("consumer-" + result));
    return show(visit);
  }
}
