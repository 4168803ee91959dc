package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.platform.page.PageHeaders;
import orderflow.platform.page.PageTemplates;
import orderflow.platform.page.Theme;
import orderflow.platform.security.Session;
import orderflow.platform.security.Sessions;
import orderflow.platform.security.Sessions.Login;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The way in and out of the console. */
@RestController
class LoginPages {

  /** Marks the fields of the form that a person was about to send when the session was over. */
  private static final String KEPT = "kept.";

  private final Sessions sessions;
  private final PageTemplates templates;

  LoginPages(Sessions sessions, PageTemplates templates) {
    this.sessions = sessions;
    this.templates = templates;
  }

  @GetMapping("/")
  ResponseEntity<String> root() {
    return go("/console", null);
  }

  @GetMapping("/console/login")
  ResponseEntity<String> login(
      HttpServletRequest request,
      @RequestParam(defaultValue = "/console") String next,
      @RequestParam(defaultValue = "") String once) {
    if (!once.isEmpty()) {
      Optional<ResponseCookie> cookie = sessions.loginOnce(request, once);
      return cookie.isPresent()
          ? page(200, request, "arrived", Map.of("next", own(next)), cookie.get())
          : form(401, request, own(next), Map.of(), "login-link-over");
    }
    return Session.of(request) == null
        ? form(200, request, own(next), Map.of(), null)
        : go(own(next), null);
  }

  @PostMapping("/console/login")
  ResponseEntity<String> login(HttpServletRequest request) {
    Form form = Form.of(request);
    String next = own(form.get("next"));
    Map<String, String> kept = new LinkedHashMap<>();
    form.fields()
        .forEach(
            (name, value) -> {
              if (name.startsWith(KEPT)) {
                kept.put(name.substring(KEPT.length()), value);
              }
            });
    if (isFromElsewhere(request)) {
      return form(403, request, "/console", Map.of(), "login-elsewhere");
    }
    Login result = sessions.login(request, form.get("key").strip());
    if (result instanceof Login.Done done) {
      return kept.isEmpty()
          ? go(next, done.cookie())
          : resume(200, request, next, kept, done.session(), done.cookie());
    }
    if (result instanceof Login.TooMany many) {
      ResponseEntity<String> page = form(429, request, next, kept, "login-too-many");
      return ResponseEntity.status(page.getStatusCode())
          .headers(page.getHeaders())
          .header(HttpHeaders.RETRY_AFTER, Long.toString(many.seconds()))
          .body(page.getBody());
    }
    return form(401, request, next, kept, "login-wrong");
  }

  @PostMapping("/console/logout")
  ResponseEntity<String> logout(HttpServletRequest request) {
    return go("/console/login", sessions.end(request));
  }

  @PostMapping("/console/theme")
  ResponseEntity<String> theme(HttpServletRequest request) {
    Form form = Form.of(request);
    return go(own(form.get("back")), Theme.of(form.get("theme")).cookie(request.isSecure()));
  }

  /**
   * Leads to the login and from there back to the page. Browsers keep the cookie back when a link
   * of another site leads here, so such a visit asks once more from here.
   */
  ResponseEntity<String> leadIn(HttpServletRequest request) {
    String query = request.getQueryString();
    String here = request.getRequestURI() + (query == null ? "" : "?" + query);
    if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
      return page(200, request, "arrived", Map.of("next", own(here)), null);
    }
    return go(
        "/console/login" + (here.equals("/console") ? "" : Visit.query(Map.of("next", own(here)))),
        null);
  }

  /** Asks for the login and keeps what a form of ours sent, so that it can be sent again. */
  ResponseEntity<String> keep(HttpServletRequest request) {
    return isFromElsewhere(request)
        ? form(403, request, "/console", Map.of(), "login-elsewhere")
        : form(401, request, own(request.getRequestURI()), fields(request), "login-over");
  }

  /** Asks whether what was sent is meant: its form is older than the session. */
  ResponseEntity<String> confirm(HttpServletRequest request, Session session) {
    return isFromElsewhere(request)
        ? form(403, request, "/console", Map.of(), "login-elsewhere")
        : resume(403, request, own(request.getRequestURI()), fields(request), session, null);
  }

  private ResponseEntity<String> resume(
      int status,
      HttpServletRequest request,
      String to,
      Map<String, String> fields,
      Session session,
      @Nullable ResponseCookie cookie) {
    return page(
        status,
        request,
        "resume",
        Map.of("next", to, "fields", fields, "token", session.csrf()),
        cookie);
  }

  /** Whether a browser says that a page of another site sent it. */
  static boolean isFromElsewhere(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin");
  }

  private static Map<String, String> fields(HttpServletRequest request) {
    Map<String, String> fields = new LinkedHashMap<>(Form.of(request).fields());
    fields.remove("csrf");
    return fields;
  }

  private ResponseEntity<String> form(
      int status,
      HttpServletRequest request,
      String next,
      Map<String, String> kept,
      @Nullable String message) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("next", next);
    model.put("fields", kept);
    if (message != null) {
      model.put("message", message);
    }
    return page(status, request, "login", model, null);
  }

  private ResponseEntity<String> page(
      int status,
      HttpServletRequest request,
      String template,
      Map<String, ?> model,
      @Nullable ResponseCookie cookie) {
    ResponseEntity.BodyBuilder answer = PageHeaders.html(status, PageHeaders.POLICY);
    if (cookie != null) {
      answer.header(HttpHeaders.SET_COOKIE, cookie.toString());
    }
    return answer.body(templates.render("console/" + template, request, model));
  }

  private static ResponseEntity<String> go(String path, @Nullable ResponseCookie cookie) {
    ResponseEntity.BodyBuilder answer =
        PageHeaders.safe(303, PageHeaders.POLICY).header(HttpHeaders.LOCATION, path);
    if (cookie != null) {
      answer.header(HttpHeaders.SET_COOKIE, cookie.toString());
    }
    return answer.build();
  }

  /** A path of the console; the console itself for anything else, such as another site. */
  private static String own(String path) {
    boolean own =
        path.matches("/console([/?][\\x21-\\x7E]*)?")
            && !path.contains("\\")
            && !path.startsWith("/console/login")
            && !path.startsWith("/console/logout");
    return own ? path : "/console";
  }
}
