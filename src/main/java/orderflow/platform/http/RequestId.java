package orderflow.platform.http;

import jakarta.servlet.ServletRequest;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The id of a request: a header of the response, a member of a problem, and part of every log line
 * that the request's thread writes.
 */
public final class RequestId {

  /** The header of the response, and of the request where the client chooses the id. */
  public static final String HEADER = "X-Request-Id";

  /** Where the log pattern finds it. */
  static final String MDC_KEY = "requestId";

  private static final int LONGEST = 128;
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int MADE_LENGTH = 24;
  private static final int DIGITS_IN_A_LONG = 12;
  private static final int BITS = 5;

  private RequestId() {}

  /** The id of the request that this thread answers; null outside of one. */
  public static @Nullable String current() {
    return MDC.get(MDC_KEY);
  }

  /** The id of a request; null if it did not come in over the HTTP connector. */
  public static @Nullable String of(ServletRequest request) {
    ReceivedRequest received = ReceivedRequest.of(request);
    return received == null ? null : received.id();
  }

  /** The client's id, unless it could break a log line or a header. */
  static String chosen(@Nullable String sent) {
    return sent != null && isFit(sent) ? sent : made();
  }

  private static boolean isFit(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean fit =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-_.:/+=~".indexOf(c) >= 0;
      if (!fit) {
        return false;
      }
    }
    return true;
  }

  /** 120 random bits. The id protects nothing, so the fast generator is enough. */
  private static String made() {
    char[] id = new char[MADE_LENGTH];
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < MADE_LENGTH; ) {
      long bits = random.nextLong();
      for (int n = 0; n < DIGITS_IN_A_LONG; n++, i++, bits >>>= BITS) {
        id[i] = DIGITS.charAt((int) (bits & 31));
      }
    }
    return new String(id);
  }
}
