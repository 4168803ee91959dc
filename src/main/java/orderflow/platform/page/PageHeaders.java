package orderflow.platform.page;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** The headers of pages for people. */
public final class PageHeaders {

  /** Scripts, styles and calls of this server alone; nothing inline, no frames, no plug-ins. */
  public static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** A mail may style itself and bring its own pictures; it runs no script and calls no host. */
  public static final String MAIL =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

  private PageHeaders() {}

  /** An answer in HTML that no cache keeps. */
  public static ResponseEntity.BodyBuilder html(int status, String policy) {
    return safe(status, policy).contentType(MediaType.parseMediaType("text/html;charset=UTF-8"));
  }

  /** An answer of any type that no cache keeps. */
  public static ResponseEntity.BodyBuilder safe(int status, String policy) {
    return ResponseEntity.status(HttpStatusCode.valueOf(status))
        .cacheControl(CacheControl.noStore())
        .header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
