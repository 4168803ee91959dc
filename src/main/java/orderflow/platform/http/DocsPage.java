package orderflow.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import orderflow.platform.page.PageHeaders;
import orderflow.platform.page.PageTemplates;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows openapi.yaml with Swagger UI, all of it from the jar. */
@RestController
class DocsPage {

  /** Swagger UI uses inline styles; calls go to this server alone. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
          + " 'none'";

  private final PageTemplates pages;

  DocsPage(PageTemplates pages) {
    this.pages = pages;
  }

  @GetMapping("/docs")
  ResponseEntity<String> page(HttpServletRequest request) {
    return PageHeaders.html(200, POLICY).body(pages.render("docs", request, Map.of()));
  }
}
