package orderflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import javax.sql.DataSource;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;
import orderflow.platform.embedded.EmbeddedServersInitializer;
import orderflow.platform.embedded.EmbeddedSettings;
import orderflow.platform.embedded.Superuser;
import orderflow.platform.embedded.UnpackedPostgres;
import orderflow.platform.mailbox.Mailbox;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * PostgreSQL, Kafka and the mailbox on free ports, started once for all tests of a JVM: the same
 * embedded servers the application runs on, as durable as there. Their data lies below {@code
 * target/real-servers}.
 */
public class RealServers implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final Path DATA = newFolder("data");

  /** Starts the servers when a test first asks for them. */
  private static class Started {
    static {
      UnpackedPostgres.linkInto(DATA);
    }

    static final EmbeddedServers SERVERS =
        EmbeddedServers.start(
            EnumSet.allOf(EmbeddedPart.class),
            DATA,
            new EmbeddedSettings(
                new EmbeddedSettings.Server(0),
                new EmbeddedSettings.Server(0),
                new EmbeddedSettings.MailboxServer(0, 10_000)),
            Clock.systemUTC());

    static {
      makeLoginsCheap();
      SERVERS.awaitKafka();
      Runtime.getRuntime().addShutdownHook(new Thread(SERVERS::close));
    }
  }

  /** Lets the superuser log in when a test first asks for it. */
  private static class Admitted {
    static final DataSource SUPERUSER = Superuser.in(DATA, jdbcUrl());
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    EmbeddedServersInitializer.publish(Started.SERVERS, context);
    TestPropertyValues.of("orderflow.data=" + DATA, "orderflow.inbox=" + newFolder("inbox"))
        .applyTo(context);
  }

  /**
   * Hashes the password once and not 4,096 times for each login: many tests open a connection for
   * each statement.
   */
  private static void makeLoginsCheap() {
    try (Connection connection =
            DriverManager.getConnection(jdbcUrl(), jdbcUser(), jdbcPassword());
        Statement statement = connection.createStatement()) {
      statement.execute("set scram_iterations = 1");
      statement.execute("alter role current_user password '" + jdbcPassword() + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Mailbox mailbox() {
    return Started.SERVERS.mailbox();
  }

  public static String jdbcUrl() {
    return (String) Started.SERVERS.properties().get("spring.datasource.url");
  }

  public static String jdbcUser() {
    return (String) Started.SERVERS.properties().get("spring.datasource.username");
  }

  public static String jdbcPassword() {
    return (String) Started.SERVERS.properties().get("spring.datasource.password");
  }

  /** PostgreSQL's superuser, which the application is not. */
  public static DataSource superuser() {
    return Admitted.SUPERUSER;
  }

  public static String kafkaBrokers() {
    return (String) Started.SERVERS.properties().get("orderflow.kafka.brokers");
  }

  /** The variables that connect a process to these servers, and to a database of its own. */
  public static Map<String, String> environment(String database) {
    Map<String, Object> properties = Started.SERVERS.properties();
    return Map.of(
        "SPRING_DATASOURCE_URL", jdbcUrl().replaceFirst("/[^/]*$", "/" + database),
        "SPRING_DATASOURCE_USERNAME", jdbcUser(),
        "SPRING_DATASOURCE_PASSWORD", jdbcPassword(),
        "KAFKA_BROKERS", kafkaBrokers(),
        "SMTP_HOST", String.valueOf(properties.get("orderflow.smtp.host")),
        "SMTP_PORT", String.valueOf(properties.get("orderflow.smtp.port")));
  }

  private static Path newFolder(String name) {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target/real-servers")), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
