package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import orderflow.fileimport.Import;
import orderflow.fileimport.Imports;
import orderflow.fileimport.RejectedOrders;
import orderflow.fileimport.Uploads;
import orderflow.platform.http.Page;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Imports: files that came, how far each is, what of it was refused, and new files. */
@RestController
class ImportPages {

  private static final ApiCall LIST = ApiCall.get("/api/imports");
  private static final ApiCall SHOW = ApiCall.get("/api/imports/{id}");
  private static final ApiCall REJECTED = ApiCall.get("/api/imports/{id}/rejected");
  private static final ApiCall UPLOAD = new ApiCall("PUT", "/api/inbox/{file}");

  /** For the browser's choice of files. */
  private static final String ACCEPTED = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.gz,.zip";

  private final Console console;
  private final Imports imports;
  private final RejectedOrders rejected;
  private final Uploads uploads;

  ImportPages(Console console, Imports imports, RejectedOrders rejected, Uploads uploads) {
    this.console = console;
    this.imports = imports;
    this.rejected = rejected;
    this.uploads = uploads;
  }

  @GetMapping("/console/imports")
  ResponseEntity<String> list(HttpServletRequest request) throws Exception {
    return console.open(request, LIST, this::list);
  }

  private Answer list(Visit visit) {
    String cursor = visit.param("cursor");
    Page<Import> page = imports.list(Visit.PAGE, cursor);
    return Answer.View.of("imports")
        .with("imports", page.entries())
        .with("next", visit.next(page))
        .with("running", page.entries().stream().anyMatch(one -> one.state().equals("RUNNING")))
        .with("mayUpload", visit.may(UPLOAD))
        .with("accepts", ACCEPTED)
        .withCurl(LIST.at().query(Collections.singletonMap("cursor", cursor)))
        .withCurl(UPLOAD.at("orders.csv").option("-T orders.csv"));
  }

  @GetMapping("/console/imports/{id}")
  ResponseEntity<String> show(HttpServletRequest request) throws Exception {
    return console.open(request, SHOW, this::show);
  }

  private Answer show(Visit visit) {
    long id = visit.api().number("id");
    Import file = visit.found(imports.find(id));
    Answer.View view =
        Answer.View.of("import")
            .with("file", file)
            .with("mayUpload", visit.may(UPLOAD))
            .with("accepts", ACCEPTED)
            .withCurl(SHOW.at(id));
    return file.rejected() > 0 && visit.may(REJECTED)
        ? view.with("rejected", rejected.of(id).orElse(null)).withCurl(REJECTED.at(id))
        : view;
  }

  /** The file goes from the browser to the inbox without a stop. */
  @PostMapping("/console/imports")
  ResponseEntity<String> upload(HttpServletRequest request) throws Exception {
    return console.open(request, UPLOAD, this::upload);
  }

  private Answer upload(Visit visit) {
    UploadedFile file = null;
    try {
      file = UploadedFile.of(visit.request());
    } catch (IOException e) {
      // the browser has gone
    }
    if (file == null) {
      visit.fault("file", visit.text("upload-none"));
    } else if (!Uploads.NAME.allows(file.name())) {
      visit.fault("file", visit.text("upload-name"));
    } else {
      Uploads.Result result = uploads.take(file.name(), file.content(), -1);
      if (result instanceof Uploads.Result.Taken) {
        return new Answer.Go("/console/imports?done=uploaded");
      }
      visit.fault("file", visit.text("upload-" + result.getClass().getSimpleName()));
    }
    return list(visit);
  }
}
