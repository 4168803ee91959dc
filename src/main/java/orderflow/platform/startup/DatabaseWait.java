package orderflow.platform.startup;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import orderflow.platform.jdbc.DatabaseSettings;
import orderflow.platform.jdbc.SessionOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Waits for a database that is not there yet, before any bean asks for it; one that is there but
 * cannot be used stops the start.
 */
public class DatabaseWait implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final Logger log = LoggerFactory.getLogger(DatabaseWait.class);

  private static final int OLDEST_VERSION = 14;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final Duration pause;

  public DatabaseWait() {
    this(Duration.ofSeconds(1));
  }

  DatabaseWait(Duration pause) {
    this.pause = pause;
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Environment environment = context.getEnvironment();
    String given = environment.getRequiredProperty("spring.datasource.url");
    String url = SessionOptions.urlWithout(given);
    var login = new Properties();
    login.setProperty("user", environment.getProperty("spring.datasource.username", ""));
    login.setProperty("password", environment.getProperty("spring.datasource.password", ""));
    login.setProperty("loginTimeout", "5");
    DatabaseSettings settings =
        Binder.get(environment).bind("orderflow.database", DatabaseSettings.class).orElse(null);
    var route = new DatabaseRoute(url, login, settings, given);
    long nextLine = System.nanoTime();
    for (SQLException away; (away = tryToConnect(route, url)) != null; rest()) {
      if (System.nanoTime() >= nextLine) {
        log.warn(
            "Waiting for the database at {} ({})", Addresses.withoutOptions(url), oneLine(away));
        nextLine = System.nanoTime() + BETWEEN_LINES.toNanos();
      }
    }
    route.publish(context.getEnvironment());
  }

  /** What keeps the database away; null when it is there and will do. */
  private static @Nullable SQLException tryToConnect(DatabaseRoute route, String url) {
    try (Connection connection = route.connect()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_VERSION) {
        throw new StartupException(
            "the database is PostgreSQL "
                + version
                + ", Orderflow needs "
                + OLDEST_VERSION
                + " or newer: set SPRING_DATASOURCE_URL to another one");
      }
      route.explore(connection);
      return null;
    } catch (SQLException e) {
      if (isAway(e)) {
        return e;
      }
      throw new StartupException(
          "the database at "
              + Addresses.withoutOptions(url)
              + " refuses us ("
              + oneLine(e)
              + "): check "
              + (isAboutTheSession(e)
                  ? "the settings orderflow.database and, behind a pooler, its"
                      + " ignore_startup_parameters"
                  : "SPRING_DATASOURCE_URL, _USERNAME and _PASSWORD"),
          e);
    }
  }

  /**
   * A start parameter has a value that this server can't have (22023), is unknown to it (42704),
   * not allowed to this role (42501), or refused by a pooler in between (08P01).
   */
  private static boolean isAboutTheSession(SQLException failure) {
    return Set.of("22023", "42704", "42501", "08P01").contains(state(failure));
  }

  /**
   * Class 08: no connection; 57P03: starting up or shutting down; 53300: too many connections just
   * now.
   */
  private static boolean isAway(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") && !state.equals("08P01")
        || state.startsWith("57P")
        || state.equals("53300");
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }

  private static String oneLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private void rest() {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while waiting for the database", e);
    }
  }
}
