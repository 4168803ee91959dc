package orderflow.platform.jdbc;

import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

/** What PostgreSQL says of a commit beside that it is done. */
public final class CommitWarnings {

  /** The state of a warning without one of its own. */
  private static final String WARNING = "01000";

  private CommitWarnings() {}

  /**
   * Refuses a commit whose wait for a standby was cancelled. The outcome is in doubt for the
   * caller, as if the connection had been lost.
   */
  public static void refuseIfCutShort(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (WARNING.equals(warning.getSQLState())) {
        throw new TransactionSystemException(
            "the commit was cancelled before a standby had it", warning);
      }
    }
  }
}
