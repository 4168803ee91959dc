package orderflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A PostgreSQL as its first start makes it. */
class FreshPostgresTest {

  private static Path folder;
  private static EmbeddedServers servers;
  private static JdbcClient application;

  @BeforeAll
  static void start() throws IOException {
    Path target = Files.createDirectories(Path.of("target", "embedded servers"));
    folder = Files.createTempDirectory(target, "fresh ");
    UnpackedPostgres.linkInto(folder);
    EmbeddedSettings.Server anyPort = new EmbeddedSettings.Server(0);
    servers =
        EmbeddedServers.start(
            Set.of(EmbeddedPart.POSTGRES),
            folder,
            new EmbeddedSettings(anyPort, anyPort, new EmbeddedSettings.MailboxServer(0, 3)),
            Clock.systemUTC());
    application =
        JdbcClient.create(
            new DriverManagerDataSource(setting("url"), setting("username"), setting("password")));
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void isDurable() {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      assertThat(query("SHOW " + setting)).as(setting).isEqualTo("on");
    }
    assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(query("SHOW server_encoding")).isEqualTo("UTF8");
  }

  @Test
  void asksForAPasswordThatOnlyThisUserCanRead() throws IOException {
    Path file = folder.resolve("database-password");
    String password = Files.readString(file).strip();

    assertThat(setting("password")).isEqualTo(password);
    assertThat(password).hasSizeGreaterThanOrEqualTo(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertRefuses("orderflow", "");
    assertRefuses("postgres", "");
    assertRefuses("postgres", password);
  }

  @Test
  void theApplicationIsNoSuperuser() {
    assertThat(
            query(
                "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname = current_user AND"
                    + " NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)"))
        .isEqualTo("orderflow");
    assertThatThrownBy(() -> application.sql("COPY (SELECT 1) TO PROGRAM 'cat'").update())
        .isInstanceOf(DataAccessException.class)
        .hasStackTraceContaining("permission denied");
  }

  private static void assertRefuses(String user, String password) {
    assertThatThrownBy(
            () -> {
              try (Connection connection =
                  DriverManager.getConnection(setting("url"), user, password)) {
                connection.isValid(0);
              }
            })
        .as(user)
        .isInstanceOf(SQLException.class);
  }

  private static String query(String sql) {
    return application.sql(sql).query(String.class).single();
  }

  private static String setting(String name) {
    return (String) servers.properties().get("spring.datasource." + name);
  }
}
