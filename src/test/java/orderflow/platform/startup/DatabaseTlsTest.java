package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import orderflow.Certificate;
import orderflow.RealServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL over TLS, by the options of its address. */
class DatabaseTlsTest {

  @BeforeEach
  void turnOn() throws Exception {
    put("server.crt", Certificate.certificate());
    put("server.key", Certificate.key());
    execute("alter system set ssl = on", "select pg_reload_conf()");
  }

  @AfterEach
  void turnOff() throws SQLException {
    execute("alter system reset ssl", "select pg_reload_conf()");
  }

  @Test
  void connectsToAServerWhoseCertificateItKnows() {
    await().ignoreExceptions().until(() -> isEncrypted(options(Certificate.certificate())));
  }

  @Test
  void refusesAServerWhoseCertificateItDoesNotKnow() throws IOException {
    await().ignoreExceptions().until(() -> isEncrypted(options(Certificate.certificate())));
    Path nobodys = Files.createTempFile(Path.of("target"), "nobody", ".pem");

    assertThatThrownBy(() -> isEncrypted(options(nobodys))).isInstanceOf(SQLException.class);
  }

  private static String options(Path trusted) {
    return "?sslmode=verify-full&sslrootcert=" + trusted.toAbsolutePath();
  }

  private static boolean isEncrypted(String options) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                RealServers.jdbcUrl() + options,
                RealServers.jdbcUser(),
                RealServers.jdbcPassword());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** As the server's own user, and for nobody else to read. */
  private static void put(String name, Path pem) throws Exception {
    execute(
        "copy (select unnest(string_to_array('%s', E'\\n'))) to program 'umask 077; cat > %s'"
            .formatted(Files.readString(pem).strip(), name));
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = RealServers.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
