package orderflow.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.ProblemWriter;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 below {@code /api} while the server listens but the routes are not started yet or
 * already stopped; without them every address would be answered 404.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class ReadyFilter extends OncePerRequestFilter {

  private final ProblemWriter problems;
  private volatile boolean ready;

  ReadyFilter(ProblemWriter problems) {
    this.problems = problems;
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
    return ready || AccessZone.of(request) != AccessZone.API;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    problems.answer(new ProblemException(ProblemType.NOT_READY), response);
  }
}
