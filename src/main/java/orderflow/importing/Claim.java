package orderflow.importing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One instance's hold on a file, among all that watch one inbox: an advisory lock of a database
 * session, which ends with the session, and so with the process.
 */
final class Claim implements AutoCloseable {

  private final Connection session;
  private final String file;

  private Claim(Connection session, String file) {
    this.session = session;
    this.file = file;
  }

  /** Takes hold of an inbox's file, or returns null if someone else has it. */
  static @Nullable Claim of(String inbox, String file, DataSource database) throws SQLException {
    Connection session = database.getConnection();
    try {
      Claim claim = new Claim(session, inbox + " " + file);
      if (claim.ask("pg_try_advisory_lock")) {
        return claim;
      }
    } catch (SQLException e) {
      session.close();
      throw e;
    }
    session.close();
    return null;
  }

  @Override
  public void close() throws SQLException {
    try {
      ask("pg_advisory_unlock");
    } finally {
      session.close();
    }
  }

  private boolean ask(String function) throws SQLException {
    String sql = "select " + function + "(hashtextextended('orderflow import ' || ?, 0))";
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      statement.setString(1, file);
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }
}
