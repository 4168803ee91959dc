package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.http.RequestId;
import orderflow.platform.jdbc.RequestLimit;
import orderflow.platform.security.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Shows a page that says what is the matter when a page of the console fails. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConsoleFailures implements HandlerExceptionResolver {

  private static final Logger log = LoggerFactory.getLogger(ConsoleFailures.class);

  private final Console console;
  private final ProblemWriter problems;

  ConsoleFailures(Console console, ProblemWriter problems) {
    this.console = console;
    this.problems = problems;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    String path = request.getRequestURI();
    boolean ours = path.equals("/console") || path.startsWith("/console/");
    if (!ours || response.isCommitted()) {
      return null;
    }
    try {
      write(page(request, failure), response);
    } catch (IOException clientIsGone) {
      // the client has disconnected
    } catch (RuntimeException e) {
      log.error("The page of a failure could not be made", e);
      return null;
    }
    return new ModelAndView();
  }

  private ResponseEntity<String> page(HttpServletRequest request, Exception failure) {
    ErrorResponse problem =
        failure instanceof RequestLimit.Exceeded ? problems.overloaded() : problems.of(failure);
    int status = problem.getStatusCode().value();
    Map<String, String> fields = new LinkedHashMap<>();
    if (request.getMethod().equals("POST") && Session.of(request) != null) {
      fields.putAll(Form.of(request).fields());
      fields.remove("csrf");
    }
    Visit visit = new Visit(request);
    return console.rendered(
        visit,
        Answer.View.of("failure")
            .withStatus(status)
            .with("status", status)
            .with("kind", kind(status))
            .with("detail", problem.getBody().getDetail())
            .with("requestId", RequestId.current())
            .with("posted", request.getMethod().equals("POST"))
            .with("fields", fields));
  }

  private static String kind(int status) {
    return switch (status) {
      case 404 -> "missing";
      case 503 -> "away";
      case 500 -> "fault";
      default -> "refused";
    };
  }

  private static void write(ResponseEntity<String> page, HttpServletResponse response)
      throws IOException {
    response.setStatus(page.getStatusCode().value());
    page.getHeaders()
        .forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
    if (page.getStatusCode().value() == 503) {
      response.setHeader(HttpHeaders.RETRY_AFTER, "3");
    }
    String body = page.getBody();
    response.getOutputStream().write((body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
  }
}
