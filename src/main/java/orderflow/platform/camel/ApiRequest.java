package orderflow.platform.camel;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.RequestBody;
import orderflow.platform.http.RequestId;
import orderflow.platform.http.TraceParent;
import orderflow.platform.json.TextRule;
import orderflow.platform.security.Actor;
import orderflow.platform.security.Principal;
import orderflow.platform.security.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerMapping;

/** The parts of a request that routes may read. All else stays out of the exchange. */
public final class ApiRequest {

  /** The exchange property that holds it. */
  public static final String PROPERTY = "orderflow.request";

  private static final String TRACE = ApiRequest.class.getName() + ".trace";

  private static final Pattern STRUCTURED_STRING =
      Pattern.compile("\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*\"");

  private final HttpServletRequest request;

  public ApiRequest(HttpServletRequest request) {
    this.request = request;
  }

  /** Spring drops what follows a semicolon: what is left of an id would be another one. */
  public void refusePathParameters() {
    if (request.getRequestURI().indexOf(';') >= 0) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "A semicolon in the path is written as %3B.");
    }
  }

  /** A variable of the path; 404 if the rule does not allow its value. */
  public String path(String name, TextRule rule) {
    String value = path(name);
    if (!rule.allows(value)) {
      throw notFound();
    }
    return value;
  }

  public UUID uuid(String name) {
    String value = path(name);
    try {
      UUID id = UUID.fromString(value);
      if (id.toString().equalsIgnoreCase(value)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // not found, like a UUID in another notation
    }
    throw notFound();
  }

  public long number(String name) {
    try {
      return Long.parseLong(path(name));
    } catch (NumberFormatException e) {
      throw notFound();
    }
  }

  /**
   * The parameters of the query. All others are refused: without a mistyped filter, the response
   * would hold too much.
   */
  public QueryParameters query(String... known) {
    return new QueryParameters(request, List.of(known));
  }

  public @Nullable String idempotencyKey(TextRule rule) {
    List<String> keys = Collections.list(request.getHeaders("Idempotency-Key"));
    if (keys.isEmpty()) {
      return null;
    }
    String key = unquoted(keys.get(0));
    if (keys.size() > 1 || !rule.allows(key)) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "The Idempotency-Key " + rule.words() + ", given once.");
    }
    return key;
  }

  /** What a structured string (RFC 8941, section 3.3.3) says; another text as it is. */
  private static String unquoted(String text) {
    return STRUCTURED_STRING.matcher(text).matches()
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }

  /**
   * An Idempotency-Key that must be there.
   *
   * @throws ProblemException 400 without a usable one
   */
  public String requiredIdempotencyKey(TextRule rule) {
    String key = idempotencyKey(rule);
    if (key == null) {
      throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_REQUIRED);
    }
    return key;
  }

  /**
   * The versions of which If-Match asks for one (RFC 9110, section 13.1.1).
   *
   * @return null for any; empty where none of the tags is a version
   */
  public @Nullable Set<Integer> requiredVersions() {
    List<String> tags = Collections.list(request.getHeaders(HttpHeaders.IF_MATCH));
    return tags.isEmpty() ? null : EntityTag.versions(tags);
  }

  /** Whether it has If-Match at all. */
  public boolean hasCondition() {
    return request.getHeader(HttpHeaders.IF_MATCH) != null;
  }

  public boolean may(Role role) {
    return Principal.of(request).may(role);
  }

  /** Whether the client has the content that an entity tag stands for. */
  boolean knows(String entityTag) {
    return EntityTag.isIn(request.getHeaders(HttpHeaders.IF_NONE_MATCH), entityTag);
  }

  /** Notes what {@link #traceParent} is to return, other than the client's. */
  static void store(HttpServletRequest request, @Nullable String traceParent) {
    request.setAttribute(TRACE, traceParent == null ? "" : traceParent);
  }

  /** The trace of the request; null without a valid one. */
  public @Nullable String traceParent() {
    if (request.getAttribute(TRACE) instanceof String stored) {
      return stored.isEmpty() ? null : stored;
    }
    return TraceParent.valid(request.getHeader(TraceParent.HEADER));
  }

  /** Whether its sender may read personal data. */
  public boolean showsPersonalData() {
    return may(Role.OPERATOR);
  }

  /** Its sender, for the record of acts. */
  public Actor actor() {
    Principal caller = Principal.of(request);
    String roles =
        caller.roles().stream().map(Role::word).sorted().collect(Collectors.joining(","));
    return new Actor(caller.name(), roles, RequestId.current());
  }

  /** The body of a PUT, as it arrives. */
  public InputStream content() {
    try {
      return request.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The received body as it came, of {@link RequestBody#LARGEST} bytes at most.
   *
   * @throws ProblemException if it is larger, late or cut off
   */
  public byte[] body() {
    return RequestBody.of(request);
  }

  /** The announced length of the body in bytes; -1 if it was not announced. */
  public long contentLength() {
    return request.getContentLengthLong();
  }

  private static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND);
  }

  private String path(String name) {
    Map<?, ?> variables =
        (Map<?, ?>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return String.valueOf(variables.get(name));
  }
}
