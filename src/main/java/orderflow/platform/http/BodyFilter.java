package orderflow.platform.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Passes a request on when its body has arrived: at once if it came with the headers, else later,
 * without a thread that waits, so that slow senders never delay other requests. A body that no call
 * reads, or whose sender may not make the call, is not awaited.
 */
final class BodyFilter implements Filter {

  private final Duration patience;
  private final BiConsumer<ProblemException, HttpServletResponse> refusals;

  /**
   * @param patience how long a body may take, in all
   * @param refusals answers a request whose body never arrives
   */
  BodyFilter(Duration patience, BiConsumer<ProblemException, HttpServletResponse> refusals) {
    this.patience = patience;
    this.refusals = refusals;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      chain.doFilter(new Resumed(http), response);
      return;
    }
    if (!UnreadBody.isAnnounced(http)) {
      chain.doFilter(request, response);
      return;
    }
    ReceivedRequest received = ReceivedRequest.of(request);
    if (RequestBody.isLeftToCall(request)) {
      if (received != null) {
        received.askForBody();
      }
      chain.doFilter(request, response);
      if (!request.getInputStream().isFinished()) {
        UnreadBody.passOver(http, (HttpServletResponse) response);
      }
      return;
    }
    if (!RequestBody.isAwaitedFor(request)) {
      chain.doFilter(request, response);
      UnreadBody.passOver(http, (HttpServletResponse) response);
      return;
    }
    if (received != null) {
      received.askForBody();
    }
    RequestBody body = new RequestBody();
    body.attachTo(request);
    AsyncBodyReader arrival =
        new AsyncBodyReader(request, body, (HttpServletResponse) response, refusals);
    if (!arrival.isComplete()) {
      arrival.await(patience);
      return;
    }
    try {
      chain.doFilter(request, response);
    } finally {
      body.release();
    }
  }

  /** A first dispatch for the filters behind this one, which have not seen the request yet. */
  private static final class Resumed extends HttpServletRequestWrapper {

    Resumed(HttpServletRequest request) {
      super(request);
    }

    @Override
    public DispatcherType getDispatcherType() {
      return DispatcherType.REQUEST;
    }
  }
}
