package orderflow.platform.embedded;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The superuser of an embedded PostgreSQL that runs for tests, who cannot log in to it until a test
 * lets it.
 */
public final class Superuser {

  private Superuser() {}

  /**
   * Lets the superuser log in.
   *
   * @param data the folder of the running server's data
   * @param url of the application's database in it
   */
  public static DataSource in(Path data, String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(PostgresAccess.SUPERUSER);
    try {
      Path cluster = data.resolve("postgres");
      Files.writeString(
          cluster.resolve("pg_hba.conf"),
          "host all " + PostgresAccess.SUPERUSER + " 127.0.0.1/32 trust\n",
          StandardOpenOption.APPEND);
      String pid = Files.readAllLines(cluster.resolve("postmaster.pid")).get(0);
      new ProcessBuilder("kill", "-HUP", pid).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    await()
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () -> {
              try (Connection connection = source.getConnection()) {
                return connection.isValid(0);
              }
            });
    return source;
  }
}
