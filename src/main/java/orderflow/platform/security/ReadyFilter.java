package orderflow.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.InstanceRoles;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 below {@code /api} while the server listens but the routes are not started yet or
 * already stopped; without them every address would be answered 404. An instance without the role
 * http answers so all the time.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class ReadyFilter extends OncePerRequestFilter {

  private static final String NO_API =
      "This instance does not answer the API: orderflow.roles has no http. Call another one.";

  private final ProblemWriter problems;
  private final InstanceRoles roles;
  private volatile boolean ready;

  ReadyFilter(ProblemWriter problems, InstanceRoles roles) {
    this.problems = problems;
    this.roles = roles;
  }

  /** Before the log reports the start. */
  @EventListener(ApplicationReadyEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void open() {
    ready = true;
  }

  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void close() {
    ready = false;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return ready && answersApi() || AccessZone.of(request) != AccessZone.API;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    problems.answer(
        answersApi()
            ? new ProblemException(ProblemType.NOT_READY)
            : new ProblemException(ProblemType.NOT_READY, NO_API, Map.of()),
        response);
  }

  private boolean answersApi() {
    return roles.has(InstanceRole.HTTP);
  }
}
