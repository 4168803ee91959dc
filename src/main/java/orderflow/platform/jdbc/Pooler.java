package orderflow.platform.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/** What stands between the pools of an instance and PostgreSQL. */
public enum Pooler {
  /** Found out at the start: nothing, or one that is taken to share sessions. */
  AUTO,
  /** Nothing: the settings of a session are sent with a connection's first message. */
  NONE,
  /**
   * One that keeps a session for each connection: its settings are sent after the first message.
   */
  SESSION,
  /**
   * One that lends a session for a transaction: what all have in common is a default of the role,
   * and the rest is set in each transaction.
   */
  TRANSACTION;

  private static final String ALREADY_PREPARED = "42P05";
  private static final String OWN_NAMES =
      "select exists (select from pg_prepared_statements where name like 'PGBOUNCER\\_%')";

  /** Poolers give each client a process number of their own making. */
  public static boolean isBefore(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID() != sessionOf(connection);
  }

  /** Whether two connections at rest are lent the same session one after the other. */
  public static boolean isShared(Connection one, Connection other) throws SQLException {
    return sessionOf(one) == sessionOf(other);
  }

  /**
   * Whether it keeps track of prepared statements, as PgBouncer does from 1.21 on where
   * max_prepared_statements is not 0: it then prepares them under names of its own.
   */
  public static boolean keepsPreparedStatements(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement prepared = connection.prepareStatement(OWN_NAMES);
        Statement statement = connection.createStatement()) {
      prepared.unwrap(PGStatement.class).setPrepareThreshold(1);
      boolean keeps;
      try (ResultSet row = prepared.executeQuery()) {
        keeps = row.next() && row.getBoolean(1);
      }
      if (!keeps) {
        statement.execute("deallocate all"); // the next client of the session would find the name
      }
      return keeps;
    } catch (SQLException e) {
      if (ALREADY_PREPARED.equals(e.getSQLState())) {
        return false; // by another client of the session
      }
      throw e;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static int sessionOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
