package orderflow.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import orderflow.platform.http.ReceivedRequest;

/** Distinguishes requests from this machine from those that a proxy on it forwards. */
final class LoopbackRequest {

  private static final Pattern ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}|::1|(0:){7}1");
  private static final Pattern NAME =
      Pattern.compile("(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private LoopbackRequest() {}

  /**
   * Both ends of the connection are the loopback interface, no proxy has added its header, and the
   * Host header names this machine, which it does not in an attack by DNS rebinding.
   */
  static boolean sent(HttpServletRequest request) {
    ReceivedRequest received = ReceivedRequest.of(request);
    return received != null
        && !received.isForwarded()
        && ADDRESS.matcher(request.getRemoteAddr()).matches()
        && ADDRESS.matcher(request.getLocalAddr()).matches()
        && NAME.matcher(request.getServerName()).matches();
  }
}
