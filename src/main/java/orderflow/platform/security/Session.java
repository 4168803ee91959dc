package orderflow.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The login of a person to the console.
 *
 * @param csrf what every form of a page carries, so that no other site can send it; empty if the
 *     request itself shows the key
 */
public record Session(Principal principal, String csrf, Instant until) {

  private static final String ATTRIBUTE = Session.class.getName();

  /** That of a request which shows its key itself, and lasts no longer than that. */
  static Session ofHeader(Principal caller) {
    return new Session(caller, "", Instant.EPOCH);
  }

  /** The session that a request belongs to; null if its sender is not logged in. */
  public static @Nullable Session of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Session session ? session : null;
  }

  void enter(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
    principal.enter(request);
  }
}
