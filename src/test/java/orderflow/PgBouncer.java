package orderflow;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import orderflow.platform.embedded.FreePort;
import org.junit.jupiter.api.Assumptions;

/**
 * A PgBouncer before the PostgreSQL of {@link RealServers}; a test without the program is skipped.
 */
public final class PgBouncer implements AutoCloseable {

  private final Process process;
  private final int port;

  private PgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param ignored start parameters that it takes and drops
   * @param sessions how many of PostgreSQL it has for its clients
   */
  public static PgBouncer start(String poolMode, String ignored, int sessions) throws IOException {
    Path program =
        Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    Assumptions.assumeTrue(
        program != null, "PgBouncer is not installed: apt-get install pgbouncer");
    URI postgres = URI.create(RealServers.jdbcUrl().substring("jdbc:".length()));
    int port = FreePort.any();
    Path folder = Files.createTempDirectory("orderflow-pgbouncer");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path settings =
        Files.writeString(
            folder.resolve("pgbouncer.ini"),
            """
            [databases]
            * = host=%s port=%d user=%s password=%s
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = any
            pool_mode = %s
            default_pool_size = %d
            ignore_startup_parameters = %s
            %s
            """
                .formatted(
                    postgres.getHost(),
                    postgres.getPort(),
                    RealServers.jdbcUser(),
                    RealServers.jdbcPassword(),
                    port,
                    poolMode,
                    sessions,
                    ignored,
                    isRoot() ? "user = nobody" : ""));
    Process process =
        new ProcessBuilder(program.toString(), settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    await()
        .pollInterval(Duration.ofMillis(20))
        .failFast("it ended, see " + folder, () -> !process.isAlive())
        .until(() -> listens(port));
    return new PgBouncer(process, port);
  }

  /** The address of a database behind it. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static boolean listens(int port) {
    try (Socket ignored = new Socket("127.0.0.1", port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
