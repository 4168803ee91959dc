package orderflow.platform.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/** A request as it was received, and operations on its connection. */
public final class ReceivedRequest {

  private static final String ATTRIBUTE = ReceivedRequest.class.getName();

  private final Request request;
  private final String id;
  private final boolean forwarded;

  private ReceivedRequest(Request request) {
    this.request = request;
    this.id = RequestId.chosen(request.getHeader(RequestId.HEADER));
    this.forwarded = isForwarded(request.getCoyoteRequest().getMimeHeaders());
  }

  /** Creates it at the first dispatch of a request; later dispatches find the same one. */
  static ReceivedRequest first(Request request) {
    ReceivedRequest received = of(request);
    if (received == null) {
      received = new ReceivedRequest(request);
      request.setAttribute(ATTRIBUTE, received);
    }
    return received;
  }

  /** Null if the request did not come in over the HTTP connector, as in a test without one. */
  public static @Nullable ReceivedRequest of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof ReceivedRequest received ? received : null;
  }

  public String id() {
    return id;
  }

  /**
   * Whether a proxy forwarded it. Read from the original headers: the valve that trusts a proxy
   * removes them.
   */
  public boolean isForwarded() {
    return forwarded;
  }

  /** Asks a client that sent Expect: 100-continue for the body. */
  public void askForBody() throws IOException {
    request.getResponse().sendAcknowledgement(ContinueResponseTiming.ALWAYS);
  }

  /** Closes the connection without reading the rest of the body. Call it after the response. */
  public void closeWithoutTheRest() {
    request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
  }

  private static boolean isForwarded(MimeHeaders headers) {
    for (int i = 0; i < headers.size(); i++) {
      MessageBytes name = headers.getName(i);
      if (name.startsWithIgnoreCase("x-forwarded", 0)
          || name.equalsIgnoreCase("forwarded")
          || name.equalsIgnoreCase("x-real-ip")
          || name.equalsIgnoreCase("via")) {
        return true;
      }
    }
    return false;
  }
}
