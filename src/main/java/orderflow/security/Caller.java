package orderflow.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;

/**
 * Who sent a request.
 *
 * @param name of the key, or the subject of the access token; for people who look at logs
 */
public record Caller(String name, Set<Role> roles) {

  private static final String ATTRIBUTE = Caller.class.getName();
  private static final Caller NOBODY = new Caller("nobody", Set.of());

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** The sender of a request that was let in; nobody if it was not looked at. */
  public static Caller of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : NOBODY;
  }

  /** Operators may do everything. */
  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.OPERATOR);
  }

  /**
   * Ends a call that this caller may not make.
   *
   * @throws Refusal without the role
   */
  public void need(Role role) {
    if (!may(role)) {
      throw new Refusal(ProblemType.FORBIDDEN, "This call needs the role " + role.word() + ".");
    }
  }

  void enter(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
