package orderflow.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;

/**
 * The sender of a request.
 *
 * @param name of the key, or the subject of the access token; shown in logs
 */
public record Principal(String name, Set<Role> roles) {

  private static final String ATTRIBUTE = Principal.class.getName();
  private static final Principal NOBODY = new Principal("nobody", Set.of());

  public Principal {
    roles = Set.copyOf(roles);
  }

  /** The sender of a request; without roles if the request was not authenticated. */
  public static Principal of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Principal caller ? caller : NOBODY;
  }

  /** Operators may do everything. */
  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.OPERATOR);
  }

  /** Whether it has one of some roles. */
  public boolean mayAny(List<Role> anyOf) {
    return anyOf.stream().anyMatch(this::may);
  }

  /**
   * Requires one of some roles.
   *
   * @throws ProblemException without any of them
   */
  public void need(List<Role> anyOf) {
    if (!mayAny(anyOf)) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          (anyOf.size() == 1 ? "This call needs the role " : "This call needs one of the roles ")
              + Role.words(anyOf)
              + ".");
    }
  }

  void enter(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
