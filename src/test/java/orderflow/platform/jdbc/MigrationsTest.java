package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import orderflow.FreshDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(OutputCaptureExtension.class)
class MigrationsTest {

  /** It waits for a lock on the table for 100 ms, then lets all others go on and tries again. */
  @Test
  void aScriptThatMeetsALockIsTriedAgainUntilItGetsIt(CapturedOutput output) throws Exception {
    PGSimpleDataSource database = FreshDatabase.unpooled("migrations");
    database.setOptions("-c lock_timeout=100");
    Flyway flyway =
        Flyway.configure()
            .dataSource(database)
            .locations("db/migration", "filesystem:src/test/resources/db/later")
            .load();
    CompletableFuture<Void> migrated;
    try (Connection holder = database.getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select from coupon");
      migrated =
          CompletableFuture.runAsync(() -> new Migrations(Duration.ofMillis(10)).migrate(flyway));

      await().until(() -> output.toString().contains("schema can't be changed"));
      assertThat(migrated).isNotDone();
      holder.commit();
    }
    migrated.get(60, TimeUnit.SECONDS);

    assertThat(
            JdbcClient.create(database).sql("select added from coupon").query(Integer.class).list())
        .isEmpty();
  }
}
