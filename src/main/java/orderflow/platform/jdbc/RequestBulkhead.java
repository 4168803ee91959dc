package orderflow.platform.jdbc;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the thread of a request use the connections of requests, and no others. */
@Component
class RequestBulkhead extends OncePerRequestFilter {

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Bulkhead before = Bulkhead.enter(Bulkhead.REQUESTS);
    try {
      chain.doFilter(request, response);
    } finally {
      Bulkhead.enter(before);
    }
  }
}
