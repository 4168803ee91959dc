package orderflow.platform.retry;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Distinguishes failures of the world from failures of a message. The world's pass, and are tried
 * again; a message's never do. The world is the database with its driver and pool, and the broker:
 * an exception is no failure of theirs because of its class alone, such as an IOException, which a
 * parser throws, too. What PostgreSQL refuses is the message's fault only where its SQLState says
 * so: a missing table must not send every order to the dead letters.
 */
public final class FailureClassifier {

  /**
   * SQLState classes: cardinality violation, data exception, integrity violation, program limit
   * exceeded.
   */
  private static final Set<String> FAULTS_OF_THE_DATA = Set.of("21", "22", "23", "54");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * SQLState classes: connection, transaction state, rollback (deadlock, serialisation), resources,
   * object state (a lock is not to be had), operator's intervention, system.
   */
  private static final Set<String> STATES_OF_THE_SERVER =
      Set.of("08", "25", "40", "53", "55", "57", "58");

  private FailureClassifier() {}

  /** Whether something that is needed is away for now, so that trying again can help. */
  public static boolean isTransient(@Nullable Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = next(cause)) {
      if (cause instanceof SQLException refused && refused.getSQLState() != null) {
        return !FAULTS_OF_THE_DATA.contains(stateClass(refused));
      }
      if (isPassing(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Whether PostgreSQL gave up waiting for a lock that another transaction holds. */
  public static boolean isLockTimeout(@Nullable Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = next(cause)) {
      if (cause instanceof SQLException refused
          && LOCK_NOT_AVAILABLE.equals(refused.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether what is away is the server, its network or the pool, whatever is asked of them. If not,
   * it is away for what was asked alone, such as a table without a right or a page that can't be
   * read.
   */
  public static boolean isServerUnavailable(Throwable away) {
    for (@Nullable Throwable cause = away; cause != null; cause = next(cause)) {
      if (cause instanceof SQLException refused && refused.getSQLState() != null) {
        return STATES_OF_THE_SERVER.contains(stateClass(refused));
      }
    }
    return true;
  }

  private static String stateClass(SQLException refused) {
    return refused.getSQLState().substring(0, Math.min(2, refused.getSQLState().length()));
  }

  /**
   * Whether the broker will never take a record, however often it is sent: the fault is the
   * record's own.
   */
  public static boolean isRefusedByBroker(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = next(cause)) {
      if (cause instanceof RecordTooLargeException
          || cause instanceof RecordBatchTooLargeException
          || cause instanceof InvalidRecordException) {
        return true;
      }
    }
    return false;
  }

  /** The innermost cause in one line; it says most. */
  public static String reason(Throwable failure) {
    Throwable first = failure;
    if (failure instanceof TransactionSystemException rollback
        && rollback.getApplicationException() != null) {
      first = rollback.getApplicationException(); // a rollback on a lost connection says nothing
    }
    Throwable innermost = first;
    for (Throwable cause = next(first); cause != null; cause = next(cause)) {
      innermost = cause;
    }
    String message = String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
    return innermost.getClass().getSimpleName() + ": " + message;
  }

  private static boolean isPassing(Throwable cause) {
    return cause instanceof SQLException
        || cause instanceof InterruptedException
        || cause instanceof RejectedExecutionException
        || cause instanceof RetriableException
        || cause instanceof TransientDataAccessException
        || cause instanceof DataAccessResourceFailureException
        || cause instanceof CannotCreateTransactionException
        || cause instanceof TransactionSystemException;
  }

  private static @Nullable Throwable next(Throwable cause) {
    return cause.getCause() == cause ? null : cause.getCause();
  }
}
