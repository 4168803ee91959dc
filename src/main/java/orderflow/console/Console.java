package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import orderflow.platform.jdbc.RequestLimit;
import orderflow.platform.page.PageHeaders;
import orderflow.platform.page.PageTemplates;
import orderflow.platform.page.Texts;
import orderflow.platform.security.Principal;
import orderflow.platform.security.Role;
import orderflow.platform.security.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What all pages of the console have in common: the role they need, their frame, their headers. */
@Component
class Console {

  /** Decides what a visit is answered with. */
  @FunctionalInterface
  interface Page {
    Answer visit(Visit visit);
  }

  /**
   * An entry of the menu.
   *
   * @param key opens it after g
   * @param apart whether it begins a new group
   */
  public record Entry(String name, String href, String key, boolean apart, boolean current) {}

  private final PageTemplates templates;
  private final RequestLimit limit;
  private final boolean mailbox;

  Console(
      PageTemplates templates,
      RequestLimit limit,
      @Value("${orderflow.embedded.mailbox.active:false}") boolean mailbox) {
    this.templates = templates;
    this.limit = limit;
    this.mailbox = mailbox;
  }

  /** Answers a visit of a page, or an act, that anyone who is logged in may see or do. */
  ResponseEntity<String> open(HttpServletRequest request, Page page) throws Exception {
    return limited(visit(request), page);
  }

  private ResponseEntity<String> limited(Visit visit, Page page) throws Exception {
    Answer[] answer = new Answer[1];
    limit.run(() -> answer[0] = page.visit(visit));
    return rendered(visit, Objects.requireNonNull(answer[0]));
  }

  private static Visit visit(HttpServletRequest request) {
    Visit visit = new Visit(request);
    visit.api().refusePathParameters();
    return visit;
  }

  /** Answers a visit of a page, or an act, for which the caller needs the role of an API call. */
  ResponseEntity<String> open(HttpServletRequest request, ApiCall call, Page page)
      throws Exception {
    Visit visit = visit(request);
    if (!visit.may(call)) {
      return rendered(
          visit,
          Answer.View.of("refused").withStatus(403).with("needed", Role.words(call.needed())));
    }
    return call.mayTakeLong() ? rendered(visit, page.visit(visit)) : limited(visit, page);
  }

  /** Renders an answer. */
  ResponseEntity<String> rendered(Visit visit, Answer answer) {
    if (answer instanceof Answer.Go go) {
      return PageHeaders.safe(303, PageHeaders.POLICY)
          .header(HttpHeaders.LOCATION, go.path())
          .build();
    }
    if (answer instanceof Answer.Mail mail) {
      return PageHeaders.html(200, PageHeaders.MAIL).body(mail.html());
    }
    Answer.View view = (Answer.View) answer;
    HttpServletRequest request = visit.request();
    Map<String, @Nullable Object> model = new HashMap<>(view.values());
    Session session = Session.of(request);
    if (session != null) {
      Principal principal = session.principal();
      model.put("who", principal.name());
      model.put("roles", roles(principal));
      model.put("csrf", session.csrf());
      model.put("nav", nav(request));
    }
    String here = visit.here();
    model.put("here", here);
    model.put("faults", visit.faults());
    model.put("wrong", visit.faults().stream().map(Visit.Fault::field).toList());
    model.put("curls", curls(visit, view));
    model.put("mailbox", mailbox);
    visit
        .textOf("done-" + request.getParameter("done"))
        .ifPresent(text -> model.put("notice", text));
    if (request.getParameter("cursor") != null) {
      model.put("first", visit.with("cursor", null));
    }
    int status = view.status() == 200 && !visit.faults().isEmpty() ? 422 : view.status();
    return PageHeaders.html(status, PageHeaders.POLICY)
        .header(HttpHeaders.VARY, "Accept-Language, Cookie")
        .body(templates.render("console/" + view.template(), request, model));
  }

  /** Health and metrics are for all; the API's calls for those who may make them. */
  private static List<String> curls(Visit visit, Answer.View view) {
    return view.calls().stream()
        .filter(curl -> !curl.target().startsWith("/api/") || visit.may(curl.call()))
        .map(curl -> curl.line(visit.request()))
        .toList();
  }

  private static String roles(Principal principal) {
    return principal.roles().contains(Role.OPERATOR)
        ? Role.OPERATOR.word()
        : principal.roles().stream().map(Role::word).sorted().collect(Collectors.joining(", "));
  }

  private List<Entry> nav(HttpServletRequest request) {
    List<Entry> entries = new ArrayList<>();
    entries.add(entry(request, "now", "/console", "n", false));
    for (Place place : Place.values()) {
      if (Principal.of(request).mayAny(place.call().needed())) {
        entries.add(entry(request, place.word(), "/console/" + place.word(), place.key, false));
      }
    }
    if (mailbox) {
      entries.add(entry(request, "mailbox", "/mailbox", "", true));
    }
    entries.add(entry(request, "docs", "/docs", "", !mailbox));
    return entries;
  }

  private static Entry entry(
      HttpServletRequest request, String name, String href, String key, boolean apart) {
    String path = request.getRequestURI();
    boolean current =
        href.equals("/console")
            ? path.equals(href)
            : path.equals(href) || path.startsWith(href + "/");
    return new Entry(name, href, key, apart, current);
  }

  /** The texts in the language of a request's sender. */
  static Texts texts(HttpServletRequest request) {
    return Texts.of(request.getLocales());
  }

  /** The pages of the menu, each with the call of the API that it shows. */
  enum Place {
    ORDERS("o", "/api/orders"),
    REVERSALS("r", "/api/reversals"),
    DEAD_LETTERS("d", "/api/dead-letters"),
    OPERATIONS("w", "/api/operations"),
    IMPORTS("i", "/api/imports"),
    MAILS("m", "/api/mails"),
    CUSTOMERS("u", "/api/customers/{customerId}/points"),
    COUPONS("c", "/api/coupons"),
    SYSTEM("s", "/api/system"),
    AUDIT("a", "/api/operator-actions");

    private final String key;
    private final String path;

    Place(String key, String path) {
      this.key = key;
      this.path = path;
    }

    ApiCall call() {
      return ApiCall.get(path);
    }

    /**
     * The page that shows what an address of the API answers with, with the same filters.
     *
     * @return null if there is none, or if the visitor may not see it
     */
    static @Nullable String page(Visit visit, @Nullable String address) {
      String rest = address == null || !address.startsWith("/api/") ? "" : address.substring(5);
      String first = rest.replaceFirst("(?s)[/?].*", "");
      for (Place place : values()) {
        if (place.word().equals(first) && visit.may(place.call())) {
          return "/console/" + rest;
        }
      }
      return null;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
