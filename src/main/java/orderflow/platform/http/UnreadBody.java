package orderflow.platform.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The body of a request that is answered without it. It is discarded for a while, without a thread
 * that waits, so that a client that is still sending can read the response; then the connection is
 * closed.
 */
public final class UnreadBody implements ReadListener, AsyncListener {

  private static final int MOST_PASSED_OVER = RequestBody.LARGEST;
  private static final long LONGEST_MILLIS = 5_000;
  private static final int BUFFER = 4096;

  private final ServletInputStream in;
  private final @Nullable ReceivedRequest connection;
  private final AsyncContext context;
  private final AtomicBoolean over = new AtomicBoolean();
  private long passed;

  private UnreadBody(HttpServletRequest request, ServletInputStream in, long passed) {
    this.in = in;
    this.passed = passed;
    this.connection = ReceivedRequest.of(request);
    this.context = request.startAsync();
  }

  /** Whether a request announces a body. */
  public static boolean isAnnounced(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /** Sends the response of a request and discards its body. Call it last. */
  public static void passOver(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.isAsyncStarted()) {
      return;
    }
    if (request.getHeader(HttpHeaders.EXPECT) != null) {
      leaveUnsent(request, response);
      return;
    }
    ServletInputStream in = request.getInputStream();
    long length = request.getContentLengthLong();
    long passed = 0;
    try {
      byte[] buffer = new byte[BUFFER];
      while (passed < Math.min(length, MOST_PASSED_OVER) && in.available() > 0) {
        int read = in.read(buffer);
        if (read < 0) {
          break;
        }
        passed += read;
      }
    } catch (IOException e) {
      return; // the client has disconnected
    }
    if (length > 0 && passed == length) {
      return;
    }
    if (!response.isCommitted()) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    response.flushBuffer();
    UnreadBody rest = new UnreadBody(request, in, passed);
    rest.context.setTimeout(LONGEST_MILLIS);
    rest.context.addListener(rest);
    in.setReadListener(rest);
  }

  /** A client that waits for 100-continue has sent nothing yet, and must not send it any more. */
  private static void leaveUnsent(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!response.isCommitted()) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    response.flushBuffer();
    ReceivedRequest received = ReceivedRequest.of(request);
    if (received != null) {
      received.closeWithoutTheRest();
    }
  }

  @Override
  public void onDataAvailable() throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (in.isReady() && !in.isFinished()) {
      int read = in.read(buffer);
      passed += Math.max(read, 0);
      if (read < 0 || passed > MOST_PASSED_OVER) {
        close();
        return;
      }
    }
  }

  @Override
  public void onAllDataRead() {
    end();
  }

  @Override
  public void onError(Throwable failure) {
    close();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close();
  }

  @Override
  public void onError(AsyncEvent event) {
    close();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    // the connection is closed, or free for the next request
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // no other code starts one
  }

  private void close() {
    if (connection != null) {
      connection.closeWithoutTheRest();
    }
    end();
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      context.complete();
    }
  }
}
