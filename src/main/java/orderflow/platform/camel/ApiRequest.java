package orderflow.platform.camel;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.RequestId;
import orderflow.platform.http.TraceParent;
import orderflow.platform.json.TextRule;
import orderflow.platform.security.Actor;
import orderflow.platform.security.Principal;
import orderflow.platform.security.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerMapping;

/** What a route may ask of the request it answers. What it does not ask for stays outside. */
public final class ApiRequest {

  /** The exchange property it is found under. */
  public static final String PROPERTY = "orderflow.request";

  private final HttpServletRequest request;

  public ApiRequest(HttpServletRequest request) {
    this.request = request;
  }

  /** A part of the path. One that can't be the name of anything is not found. */
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
      // as one that is only nearly a UUID
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
   * The query's parameters. Others than these are refused: a mistyped filter would show what was
   * not asked for.
   */
  public QueryParameters query(String... known) {
    return new QueryParameters(request, List.of(known));
  }

  public @Nullable String idempotencyKey(TextRule rule) {
    List<String> keys = Collections.list(request.getHeaders("Idempotency-Key"));
    if (keys.isEmpty()) {
      return null;
    }
    if (keys.size() > 1 || !rule.allows(keys.get(0))) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "The Idempotency-Key " + rule.words() + ", given once.");
    }
    return keys.get(0);
  }

  /** The trace that the request belongs to; null if it names none that is valid. */
  public @Nullable String traceParent() {
    return TraceParent.valid(request.getHeader(TraceParent.HEADER));
  }

  /** Whether its sender may see people's names and addresses as they are. */
  public boolean showsPersonalData() {
    return Principal.of(request).may(Role.OPERATOR);
  }

  /** Its sender, as an act is recorded under their name. */
  public Actor actor() {
    Principal caller = Principal.of(request);
    String roles =
        caller.roles().stream().map(Role::word).sorted().collect(Collectors.joining(","));
    return new Actor(caller.name(), roles, RequestId.current());
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
