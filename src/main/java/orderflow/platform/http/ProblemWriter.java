package orderflow.platform.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * The one place where the failure of a request becomes its answer, be it a route's, Spring's or
 * Tomcat's. It is a problem whatever the client accepts: a client that gets one has another thing
 * to mend first.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class ProblemWriter implements HandlerExceptionResolver {

  private final ObjectMapper json;

  ProblemWriter(ObjectMapper json) {
    this.json = json;
  }

  /** Answers a request that failed. Nothing is done if the answer is on its way already. */
  public void answer(Throwable failure, HttpServletResponse response) {
    answer(ProblemMapper.of(failure), response);
  }

  void answer(Problem problem, HttpServletResponse response) {
    if (response.isCommitted()) {
      return;
    }
    try {
      String request = response.getHeader(RequestId.HEADER);
      byte[] body =
          json.writeValueAsBytes(request == null ? problem : problem.with("requestId", request));
      response.reset();
      if (request != null) {
        response.setHeader(RequestId.HEADER, request);
      }
      response.setStatus(problem.status());
      problem.headers().forEach(response::setHeader);
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setContentType("application/problem+json");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    } catch (IOException clientIsGone) {
      // nobody is left to be told
    }
  }

  @Override
  public ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    answer(failure, response);
    return new ModelAndView();
  }
}
