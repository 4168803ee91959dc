package orderflow.consumer;

import java.util.concurrent.RejectedExecutionException;
import orderflow.platform.retry.FailureClassifier;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.jspecify.annotations.Nullable;

/** What the failure of a consumer's step says about the records that it was about. */
public final class RecordFailures {

  /**
   * The property that says when a batch's retries end, by the clock of {@link System#nanoTime}, or
   * {@link #NO_RETRY}. Without it, they end the usual time after the first failure.
   */
  public static final String RETRY_UNTIL = "retry-until";

  public static final Long NO_RETRY = 0L;

  private RecordFailures() {}

  /**
   * Whether it can pass: what the database, its pool or the end of this instance says, and no fault
   * of a record's.
   */
  public static boolean isTransient(Exception failure) {
    return badEvent(failure) == null && (FailureClassifier.isTransient(failure) || isStop(failure));
  }

  /** Whether this instance is ending. */
  static boolean isStop(Exception failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException
          || cause instanceof RejectedExecutionException
          || cause instanceof DirectConsumerNotAvailableException) {
        return true;
      }
    }
    return false;
  }

  static @Nullable InvalidEvent badEvent(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidEvent bad) {
        return bad;
      }
    }
    return null;
  }
}
