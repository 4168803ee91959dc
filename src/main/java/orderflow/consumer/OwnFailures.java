package orderflow.consumer;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import orderflow.platform.retry.FailureClassifier;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** What the failure of a shop's own route says: whether it can pass, and why in a line. */
public final class OwnFailures {

  /** RFC 9110, section 15.5, RFC 8470 and RFC 6585: time-out, too early, too many requests. */
  private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 425, 429);

  private OwnFailures() {}

  /** Whether it can pass: a network, a disk, a database, or an HTTP server that is away or busy. */
  public static boolean isTransient(Exception failure) {
    HttpOperationFailedException answer = answer(failure);
    if (answer != null) {
      int status = answer.getStatusCode();
      return status >= 500 || TRANSIENT_STATUS.contains(status);
    }
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return RecordFailures.isTransient(failure);
  }

  static String reason(Exception failure) {
    HttpOperationFailedException answer = answer(failure);
    return answer == null
        ? FailureClassifier.reason(failure)
        : "the HTTP server answered " + answer.getStatusCode();
  }

  private static @Nullable HttpOperationFailedException answer(Exception failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpOperationFailedException answer) {
        return answer;
      }
    }
    return null;
  }
}
