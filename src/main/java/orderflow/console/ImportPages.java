package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import orderflow.fileimport.Import;
import orderflow.fileimport.Imports;
import orderflow.platform.http.Page;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Imports: files that came, how far each is, and what of it was refused. */
@RestController
class ImportPages {

  private static final ApiCall LIST = ApiCall.get("/api/imports");
  private static final ApiCall SHOW = ApiCall.get("/api/imports/{id}");

  private final Console console;
  private final Imports imports;

  ImportPages(Console console, Imports imports) {
    this.console = console;
    this.imports = imports;
  }

  @GetMapping("/console/imports")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        LIST,
        visit -> {
          String cursor = visit.param("cursor");
          Page<Import> page = imports.list(Visit.PAGE, cursor);
          return Answer.View.of("imports")
              .with("imports", page.entries())
              .with("next", page.next() == null ? null : visit.with("cursor", page.next()))
              .with(
                  "running", page.entries().stream().anyMatch(one -> one.state().equals("RUNNING")))
              .withCurl(
                  LIST.curl(
                      visit.request(),
                      "/api/imports" + Visit.query(Collections.singletonMap("cursor", cursor)),
                      null));
        });
  }

  @GetMapping("/console/imports/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(
        request,
        SHOW,
        visit -> {
          long id = visit.api().number("id");
          return Answer.View.of("import")
              .with("file", visit.found(imports.find(id)))
              .withCurl(SHOW.curl(visit.request(), "/api/imports/" + id, null));
        });
  }
}
