package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.http.Page;
import orderflow.platform.json.TextRule;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.platform.page.Texts;
import orderflow.platform.security.Actor;
import orderflow.platform.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriUtils;

/** A request for a page by a person who is logged in. */
final class Visit {

  static final int PAGE = 50;

  /**
   * Something wrong in what was typed.
   *
   * @param field its name; empty for the whole
   */
  public record Fault(String field, String text) {}

  private final HttpServletRequest request;
  private final ApiRequest api;
  private final Texts texts;
  private @Nullable Form form;
  private final List<Fault> faults = new ArrayList<>();

  Visit(HttpServletRequest request) {
    this.request = request;
    this.api = new ApiRequest(request);
    this.texts = Texts.of(request.getLocales());
  }

  HttpServletRequest request() {
    return request;
  }

  /** The same request, as routes read it. */
  ApiRequest api() {
    return api;
  }

  /** The form that was sent, read when it is first asked for: it may be refused as too large. */
  Form form() {
    Form read = form == null ? Form.of(request) : form;
    form = read;
    return read;
  }

  Actor actor() {
    return api.actor();
  }

  boolean may(ApiCall call) {
    return Principal.of(request).mayAny(call.needed());
  }

  Texts texts() {
    return texts;
  }

  String text(String key, Object... values) {
    return texts.get(key, values);
  }

  /** The text of a key that may have none. */
  Optional<String> textOf(String key) {
    return texts.find(key);
  }

  /** A parameter of the page's address, without blanks around it; null if it is empty. */
  @Nullable String param(String name) {
    String value = request.getParameter(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** A parameter that a rule allows; for others, a fault. */
  @Nullable String param(String name, TextRule rule) {
    String value = param(name);
    if (value != null && !rule.allows(value)) {
      fault(name, text("wrong-value", text("field-" + name), rule.words()));
      return null;
    }
    return value;
  }

  /** A parameter that is one of some words; others count as none. */
  @Nullable String param(String name, String... choices) {
    String value = param(name);
    return value != null && List.of(choices).contains(value) ? value : null;
  }

  /** A parameter that is the name of a constant; others count as none. */
  <E extends Enum<E>> @Nullable E param(String name, Class<E> constants) {
    String value = param(name);
    return Stream.of(constants.getEnumConstants())
        .filter(constant -> constant.name().equals(value))
        .findFirst()
        .orElse(null);
  }

  /** The names of all constants, in their order. */
  static <E extends Enum<E>> List<String> names(Class<E> constants) {
    return Stream.of(constants.getEnumConstants()).map(Enum::name).toList();
  }

  static @Nullable String name(@Nullable Enum<?> constant) {
    return constant == null ? null : constant.name();
  }

  /** A day (its beginning in UTC) or a time. */
  @Nullable Instant time(String name) {
    String value = param(name);
    try {
      if (value == null) {
        return null;
      }
      Instant time =
          value.length() == 10
              ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(value).toInstant();
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      if (year >= 1970 && year <= 9999) {
        return time;
      }
    } catch (DateTimeException e) {
      // a fault, like a year that no order is of
    }
    fault(name, text("wrong-time", text("field-" + name)));
    return null;
  }

  void fault(String field, String text) {
    faults.add(new Fault(field, text));
  }

  /**
   * What a reader of the API found wrong in what was typed; the last part of a place names its
   * field.
   */
  void note(ValidationException invalid) {
    for (Violation fault : invalid.faults()) {
      String field = fault.pointer().replaceFirst(".*/", "");
      fault(field, label(field) + ": " + fault.detail());
    }
  }

  /** What people call a field. */
  String label(String field) {
    return textOf("field-" + field).orElse(field);
  }

  List<Fault> faults() {
    return faults;
  }

  /** What was found; a page that says so if there is none. */
  <T> T found(Optional<T> found) {
    return found.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  /** This page's address with its query. */
  String here() {
    String query = request.getQueryString();
    return request.getRequestURI() + (query == null ? "" : "?" + query);
  }

  /** This page's query with one parameter set anew, and without what says what was done. */
  String with(String name, @Nullable String value) {
    Map<String, @Nullable String> query = new LinkedHashMap<>();
    request.getParameterMap().forEach((key, values) -> query.put(key, values[0]));
    query.remove("done");
    query.put(name, value);
    return request.getRequestURI() + query(query);
  }

  /** The address of the page that follows in a list; null after the last. */
  @Nullable String next(Page<?> page) {
    return page.next() == null ? null : with("cursor", page.next());
  }

  /** A query of those parameters that have a value. */
  static String query(Map<String, @Nullable String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          if (value != null && !value.isBlank()) {
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
          }
        });
    return query.toString();
  }

  /** A text as one segment of a path. */
  static String segment(String text) {
    return UriUtils.encode(text, StandardCharsets.UTF_8);
  }
}
