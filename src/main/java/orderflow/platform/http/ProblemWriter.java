package orderflow.platform.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Writes the problem of a request that failed in a route, in Spring or in Tomcat. The Accept header
 * is ignored: the client has to mend the failure first.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class ProblemWriter implements HandlerExceptionResolver {

  private final ObjectMapper json;

  ProblemWriter(ObjectMapper json) {
    this.json = json;
  }

  /** The problem of a failure, for a page that shows it. */
  public ErrorResponse of(Throwable failure) {
    return ProblemMapper.of(failure);
  }

  /** The problem of a request that too many others are before. */
  public ErrorResponse overloaded() {
    return ProblemMapper.of(new ProblemException(ProblemType.OVERLOADED));
  }

  /** Answers a request that failed. Does nothing if the response is committed. */
  public void answer(Throwable failure, HttpServletResponse response) {
    ProblemException problem = ProblemMapper.of(failure);
    if (response.isCommitted()) {
      return;
    }
    try {
      String request = response.getHeader(RequestId.HEADER);
      Map<String, Collection<String>> kept = crossOrigin(response);
      response.reset();
      kept.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
      if (request != null) {
        problem.getBody().setProperty("requestId", request);
        response.setHeader(RequestId.HEADER, request);
      }
      byte[] body = json.writeValueAsBytes(problem.getBody());
      response.setStatus(problem.type().status());
      problem.getHeaders().toSingleValueMap().forEach(response::setHeader);
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setContentType("application/problem+json");
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    } catch (IOException clientIsGone) {
      // the client has disconnected
    }
  }

  /** Without these headers, a page of another origin cannot read why its request failed. */
  private static Map<String, Collection<String>> crossOrigin(HttpServletResponse response) {
    return response.getHeaderNames().stream()
        .filter(name -> name.equals(HttpHeaders.VARY) || name.startsWith("Access-Control-"))
        .distinct()
        .collect(Collectors.toMap(name -> name, name -> List.copyOf(response.getHeaders(name))));
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
