package orderflow.platform.startup;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.jdbc.DatabaseSettings;
import orderflow.platform.jdbc.Pooler;
import orderflow.platform.jdbc.RoleDefaults;
import orderflow.platform.jdbc.SessionOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Finds out what stands between this instance and PostgreSQL, and how the settings of its sessions
 * reach it.
 */
class DatabaseRoute {

  private static final Logger log = LoggerFactory.getLogger(DatabaseRoute.class);

  private static final String SETTING = "orderflow.database.pooler";
  private static final String THRESHOLD =
      "spring.datasource.hikari.data-source-properties.prepareThreshold";

  /** A pooler refuses a start parameter with it. */
  private static final String PROTOCOL_VIOLATION = "08P01";

  /** Sessions that are lent in turn meet sooner or later. */
  private static final int LOOKS = 20;

  private final String url;
  private final Properties login;
  private final @Nullable DatabaseSettings settings;
  private final String given;
  private Pooler pooler;
  private boolean prepares = true;

  /**
   * @param settings null where the environment has none: nothing is found out then
   * @param given the URL as the operator wrote it
   */
  DatabaseRoute(String url, Properties login, @Nullable DatabaseSettings settings, String given) {
    this.url = url;
    this.login = login;
    this.settings = settings;
    this.given = given;
    this.pooler = settings == null ? Pooler.NONE : settings.pooler();
  }

  Connection connect() throws SQLException {
    if (settings == null || pooler == Pooler.SESSION || pooler == Pooler.TRANSACTION) {
      return DriverManager.getConnection(url, login);
    }
    var settled = new Properties();
    settled.putAll(login);
    settled.setProperty("options", SessionOptions.of(settings, Bulkhead.FLOW, given));
    try {
      return DriverManager.getConnection(url, settled);
    } catch (SQLException e) {
      if (pooler != Pooler.AUTO || !PROTOCOL_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      Connection pooled = DriverManager.getConnection(url, login);
      pooler = Pooler.TRANSACTION;
      return pooled;
    }
  }

  /** Looks at what this connection leads to, and makes it fit. */
  void explore(Connection connection) throws SQLException {
    if (settings == null) {
      return;
    }
    if (pooler == Pooler.AUTO) {
      pooler = Pooler.isBefore(connection) ? Pooler.TRANSACTION : Pooler.NONE;
    }
    switch (pooler) {
      case NONE -> {
        if (Pooler.isBefore(connection)) {
          throw new StartupException(
              "a pooler stands before the database and may drop the settings of its sessions:"
                  + " set "
                  + SETTING
                  + " to session or transaction, as its pool_mode is");
        }
      }
      case SESSION -> refuseSharedSessions(connection);
      case TRANSACTION -> prepareForTransactions(connection, settings);
      case AUTO -> throw new IllegalStateException();
    }
  }

  private void refuseSharedSessions(Connection connection) throws SQLException {
    try (Connection other = connect()) {
      for (int look = 0; look < LOOKS; look++) {
        if (Pooler.isShared(connection, other)) {
          throw new StartupException(
              "the pooler before the database lends a session for one transaction: set "
                  + SETTING
                  + " to transaction");
        }
      }
    }
  }

  private void prepareForTransactions(Connection connection, DatabaseSettings pooled)
      throws SQLException {
    prepares = Pooler.keepsPreparedStatements(connection);
    connection.close();
    long older;
    try {
      older =
          RoleDefaults.give(
              RoleDefaults.of(pooled, given), () -> DriverManager.getConnection(url, login));
    } catch (SQLException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    log.info(
        "A pooler stands before the database: session settings are defaults of the role,"
            + " statements are {} ahead",
        prepares ? "prepared" : "not prepared");
    if (older > 0) {
      log.warn(
          "{} sessions of the pooler began before the role had its settings, and plan some"
              + " statements badly until they end: RECONNECT on the pooler's console ends them",
          older);
    }
  }

  /** For the beans that come. */
  void publish(ConfigurableEnvironment environment) {
    if (settings == null) {
      return;
    }
    Map<String, Object> found = new HashMap<>();
    found.put(SETTING, pooler.name());
    if (!prepares && !environment.containsProperty(THRESHOLD)) {
      found.put(THRESHOLD, "0");
    }
    environment.getPropertySources().addFirst(new MapPropertySource("databaseRoute", found));
  }
}
