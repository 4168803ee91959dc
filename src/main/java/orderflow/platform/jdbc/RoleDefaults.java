package orderflow.platform.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Settings that a session has from its beginning because its role has them as defaults in this
 * database: they reach PostgreSQL through a pooler that drops those of a client.
 */
public final class RoleDefaults {

  /** As many sessions of before as are ended one after the other until a new one comes. */
  private static final int ATTEMPTS = 50;

  private static final String DEFAULTS =
      """
      select setting from pg_db_role_setting, unnest(setconfig) as setting
      where setrole = (select oid from pg_roles where rolname = current_user)
        and setdatabase = (select oid from pg_database where datname = current_database())
      """;

  private static final String OLDER_SESSIONS =
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
        and backend_start < (select backend_start from pg_stat_activity where pid = pg_backend_pid())
      """;

  private RoleDefaults() {}

  /** What the sessions of every bulkhead have in common. */
  public static Map<String, String> of(DatabaseSettings settings, String url) {
    return SessionOptions.byName(SessionOptions.of(settings, Bulkhead.FLOW, url));
  }

  /**
   * Makes these the defaults of the role and waits until a session has them.
   *
   * @return how many sessions of the role began before it had them
   * @throws SQLException if the role may not have them, or no session begins anew
   */
  public static long give(Map<String, String> settings, Callable<Connection> connect)
      throws Exception {
    boolean changed = false;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (Connection connection = connect.call()) {
        changed |= alterRole(connection, settings);
        if (hasAll(connection, settings)) {
          return changed ? olderSessions(connection) : 0;
        }
        end(connection);
      }
    }
    throw new SQLException("the sessions of the pooler do not take the defaults of their role");
  }

  private static boolean alterRole(Connection connection, Map<String, String> settings)
      throws SQLException {
    Map<String, String> missing = new LinkedHashMap<>(settings);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(DEFAULTS)) {
      while (rows.next()) {
        String[] setting = rows.getString(1).split("=", 2);
        missing.remove(setting[0], setting[1]);
      }
    }
    if (missing.isEmpty()) {
      return false;
    }
    try (Statement statement = connection.createStatement();
        ResultSet database =
            statement.executeQuery("select quote_ident(current_database()), current_user")) {
      database.next();
      String role =
          "alter role "
              + statement.enquoteIdentifier(database.getString(2), true)
              + " in database "
              + database.getString(1)
              + " set ";
      for (Map.Entry<String, String> setting : missing.entrySet()) {
        try (Statement alter = connection.createStatement()) {
          alter.execute(role + setting.getKey() + " = " + value(alter, setting));
        }
      }
    }
    return true;
  }

  /** The one setting of them that is a list would else be a list of one. */
  private static String value(Statement statement, Map.Entry<String, String> setting)
      throws SQLException {
    if (!setting.getKey().equals("search_path")) {
      return statement.enquoteLiteral(setting.getValue());
    }
    List<String> schemas = new ArrayList<>();
    for (String schema : setting.getValue().split(",")) {
      schemas.add(statement.enquoteLiteral(schema.strip()));
    }
    return String.join(", ", schemas);
  }

  /**
   * In the server's own words, as 8000 and 8s are the same; what is set here ends with the
   * statement.
   */
  private static boolean hasAll(Connection connection, Map<String, String> settings)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select bool_and(current_setting(name) = set_config(name, value, true))
            from unnest(?, ?) as setting (name, value)
            """)) {
      statement.setArray(1, texts(connection, settings.keySet()));
      statement.setArray(2, texts(connection, settings.values()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static Array texts(Connection connection, Collection<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  private static long olderSessions(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OLDER_SESSIONS)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** No client but this one uses the session while it runs this statement. */
  private static void end(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_terminate_backend(pg_backend_pid())");
    } catch (SQLException ended) {
      // which was the purpose
    }
  }
}
