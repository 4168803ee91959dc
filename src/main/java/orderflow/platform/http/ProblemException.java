package orderflow.platform.http;

import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that is refused; its problem (RFC 9457) says why. */
public class ProblemException extends ErrorResponseException {

  private static final long serialVersionUID = 1;

  private final ProblemType type;

  /** A problem that the type's own words describe. */
  public ProblemException(ProblemType type) {
    this(type, type.meaning());
  }

  /**
   * @param detail a sentence for the client; no secrets, and nothing personal
   */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, Map.of());
  }

  /**
   * @param extensions members of the problem beyond the standard's own
   */
  public ProblemException(ProblemType type, String detail, Map<String, ?> extensions) {
    super(HttpStatusCode.valueOf(type.status()), body(type, detail), null);
    this.type = type;
    extensions.forEach(getBody()::setProperty);
  }

  /** The same with a header of the response. */
  public ProblemException withHeader(String name, String value) {
    getHeaders().set(name, value);
    return this;
  }

  public ProblemType type() {
    return type;
  }

  /** A client's mistake needs no stack trace. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable fillInStackTrace() {
    return this;
  }

  private static ProblemDetail body(ProblemType type, String detail) {
    ProblemDetail body =
        ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(type.status()), detail);
    body.setType(URI.create("/problems/" + type.slug()));
    body.setTitle(type.title());
    return body;
  }
}
