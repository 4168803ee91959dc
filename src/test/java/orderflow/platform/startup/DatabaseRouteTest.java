package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import orderflow.FreshDatabase;
import orderflow.PgBouncer;
import orderflow.RealServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.FileSystemResource;

/** What a start finds between itself and PostgreSQL. */
class DatabaseRouteTest {

  private static final String DATABASE = "route";
  private static final String POOLER = "orderflow.database.pooler";
  private static final String THRESHOLD =
      "spring.datasource.hikari.data-source-properties.prepareThreshold";

  private PgBouncer pgBouncer;

  @BeforeAll
  static void makeDatabase() {
    FreshDatabase.unpooled(DATABASE);
  }

  @AfterEach
  void close() throws InterruptedException {
    if (pgBouncer != null) {
      pgBouncer.close();
    }
  }

  @Test
  void findsNothingBeforePostgresql() {
    ConfigurableEnvironment found =
        start(RealServers.jdbcUrl().replaceFirst("/[^/]*$", "/" + DATABASE));

    assertThat(found.getProperty(POOLER)).isEqualTo("NONE");
    assertThat(found.getProperty(THRESHOLD)).isNull();
  }

  @Test
  void findsAPoolerThatRefusesTheSettingsOfSessions() throws IOException {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits", 2);

    ConfigurableEnvironment found = start(pgBouncer.jdbcUrl(DATABASE));

    assertThat(found.getProperty(POOLER)).isEqualTo("TRANSACTION");
    assertThat(found.getProperty(THRESHOLD)).isEqualTo("0");
  }

  @Test
  void findsAPoolerThatDropsTheSettingsOfSessions() throws IOException {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits,options", 2);

    assertThat(start(pgBouncer.jdbcUrl(DATABASE)).getProperty(POOLER)).isEqualTo("TRANSACTION");
  }

  @Test
  void startsAgainAndAgainOnTheSameSessions() throws IOException {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits", 1);

    for (int i = 0; i < 3; i++) {
      assertThat(start(pgBouncer.jdbcUrl(DATABASE)).getProperty(POOLER)).isEqualTo("TRANSACTION");
    }
  }

  @Test
  void keepsPreparedStatementsWhereEachConnectionHasItsSession() throws IOException {
    pgBouncer = PgBouncer.start("session", "extra_float_digits", 4);

    ConfigurableEnvironment found = start(pgBouncer.jdbcUrl(DATABASE), POOLER + "=session");

    assertThat(found.getProperty(POOLER)).isEqualTo("SESSION");
    assertThat(found.getProperty(THRESHOLD)).isNull();
  }

  @Test
  void refusesTheModeThatThePoolerDoesNotHave() throws IOException {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits,options", 1);

    assertThatThrownBy(() -> start(pgBouncer.jdbcUrl(DATABASE), POOLER + "=session"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("set " + POOLER + " to transaction");
    assertThatThrownBy(() -> start(pgBouncer.jdbcUrl(DATABASE), POOLER + "=none"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("set " + POOLER + " to session or transaction");
  }

  private static ConfigurableEnvironment start(String url, String... settings) {
    try (var context = new GenericApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addLast(
              new YamlPropertySourceLoader()
                  .load("application.yml", new FileSystemResource("application.yml"))
                  .get(0));
      TestPropertyValues.of(
              "spring.datasource.url=" + url,
              "spring.datasource.username=" + RealServers.jdbcUser(),
              "spring.datasource.password=" + RealServers.jdbcPassword())
          .and(settings)
          .applyTo(context);
      new DatabaseWait(Duration.ofMillis(20)).initialize(context);
      return context.getEnvironment();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
