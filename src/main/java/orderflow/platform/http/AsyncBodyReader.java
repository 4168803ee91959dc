package orderflow.platform.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a body as it arrives and never blocks for more. */
final class AsyncBodyReader implements ReadListener, AsyncListener {

  /** The rest of a refused body is read up to here, so that the client can read the reason. */
  private static final long MOST_TAKEN_IN = 32L * 1024 * 1024;

  /** Kept no longer than there is something to read. */
  private static final int BUFFER = 8192;

  private final ServletRequest request;
  private final ServletInputStream in;
  private final RequestBody body;
  private final HttpServletResponse response;
  private final BiConsumer<ProblemException, HttpServletResponse> refusals;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable AsyncContext waiting;

  /**
   * @param refusals answers a request whose body never arrives
   */
  AsyncBodyReader(
      ServletRequest request,
      RequestBody body,
      HttpServletResponse response,
      BiConsumer<ProblemException, HttpServletResponse> refusals)
      throws IOException {
    this.request = request;
    this.in = request.getInputStream();
    this.body = body;
    this.response = response;
    this.refusals = refusals;
  }

  /** Reads what came with the headers, and returns whether the body is complete. */
  boolean isComplete() {
    long length = request.getContentLengthLong();
    if (length > RequestBody.LARGEST) {
      body.refuse(new ProblemException(ProblemType.BODY_TOO_LARGE));
    }
    if (length > MOST_TAKEN_IN) {
      return true;
    }
    byte[] buffer = new byte[BUFFER];
    try {
      while (body.received() < length && in.available() > 0) {
        int read = in.read(buffer);
        if (read < 0) {
          return cutOff();
        }
        body.add(buffer, read);
      }
      return body.received() == length;
    } catch (IOException e) {
      return cutOff();
    }
  }

  /** Resumes the request when the rest has arrived, or when it has taken too long. */
  void await(Duration patience) {
    AsyncContext context = request.startAsync();
    waiting = context;
    context.setTimeout(patience.toMillis());
    context.addListener(this);
    in.setReadListener(this);
  }

  @Override
  public void onDataAvailable() {
    byte[] buffer = new byte[BUFFER];
    try {
      while (in.isReady() && !in.isFinished()) {
        int read = in.read(buffer);
        if (read > 0) {
          body.add(buffer, read);
        }
        if (read < 0 || body.received() > MOST_TAKEN_IN) {
          goOn();
          return;
        }
      }
    } catch (IOException e) {
      cutOff(); // Tomcat calls onError next
    }
  }

  @Override
  public void onAllDataRead() {
    goOn();
  }

  /** Answers at once: Tomcat closes the connection as soon as this returns. */
  @Override
  public void onError(Throwable failure) {
    if (waiting == null || !over.compareAndSet(false, true)) {
      return;
    }
    refusals.accept(
        failure instanceof SocketTimeoutException
            ? new ProblemException(ProblemType.REQUEST_TIMEOUT)
            : cutOffOrBadlyChunked(),
        response);
    try {
      response.flushBuffer();
    } catch (IOException clientIsGone) {
      // the client has disconnected
    }
    waiting.complete();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    body.refuse(new ProblemException(ProblemType.REQUEST_TIMEOUT));
    goOn();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    body.release();
  }

  @Override
  public void onError(AsyncEvent event) {
    cutOff();
    goOn();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // no other code starts one
  }

  private boolean cutOff() {
    body.refuse(cutOffOrBadlyChunked());
    return true;
  }

  private static ProblemException cutOffOrBadlyChunked() {
    return new ProblemException(
        ProblemType.MALFORMED_REQUEST, "The body is cut off or badly chunked.");
  }

  private void goOn() {
    if (waiting != null && over.compareAndSet(false, true)) {
      waiting.dispatch();
    }
  }
}
