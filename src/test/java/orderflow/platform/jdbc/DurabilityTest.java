package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;
import orderflow.platform.embedded.EmbeddedSettings;
import orderflow.platform.embedded.Superuser;
import orderflow.platform.jdbc.DatabaseSettings.Part;
import orderflow.platform.jdbc.DurabilityHealth.Disks;
import orderflow.platform.retry.FailureClassifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** A server of its own, that waits for a standby or for none. */
class DurabilityTest {

  private static final Duration LONG = Duration.ofSeconds(90);

  private static EmbeddedServers servers;
  private static JdbcTemplate operator;
  private static PGSimpleDataSource database;

  private final JdbcTemplate jdbc = new JdbcTemplate(database);
  private final TransactionTemplate transaction =
      new TransactionTemplate(new DatabaseTransactions(database, settings(), ""));

  @BeforeAll
  static void start() throws IOException {
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(Path.of("target/real-servers")), "durability");
    servers =
        EmbeddedServers.start(
            EnumSet.of(EmbeddedPart.POSTGRES),
            folder,
            new EmbeddedSettings(
                new EmbeddedSettings.Server(0),
                new EmbeddedSettings.Server(0),
                new EmbeddedSettings.MailboxServer(0, 1)),
            Clock.systemUTC());
    Map<String, Object> properties = servers.properties();
    String url = (String) properties.get("spring.datasource.url");
    operator = new JdbcTemplate(Superuser.in(folder, url));
    database = new PGSimpleDataSource();
    database.setUrl(url);
    database.setUser((String) properties.get("spring.datasource.username"));
    database.setPassword((String) properties.get("spring.datasource.password"));
    database.setSocketTimeout((int) LONG.toSeconds());
    new JdbcTemplate(database).execute("create table written (id int)");
  }

  @AfterAll
  static void stop() {
    waitFor("");
    servers.close();
  }

  @BeforeEach
  void waitForNone() {
    waitFor("");
  }

  @Test
  void aCommitWhoseWaitForAStandbyWasCutShortIsNoSuccess() {
    waitFor("absent");

    assertThat(cutShort(() -> write(1)))
        .isInstanceOf(TransactionSystemException.class)
        .matches(FailureClassifier::isTransient);

    waitFor("");
    assertThat(jdbc.queryForObject("select count(*) from written where id = 1", Integer.class))
        .as("PostgreSQL has it all the same: the caller does not know")
        .isEqualTo(1);
    assertThatNoException().isThrownBy(() -> write(2));
  }

  @Test
  void neitherIsAStatementThatIsATransactionOfItsOwn() {
    waitFor("absent");

    assertThat(cutShort(() -> writeAlone(3))).isInstanceOf(TransactionSystemException.class);

    waitFor("");
    assertThatNoException().isThrownBy(() -> writeAlone(4));
  }

  private void writeAlone(int id) {
    jdbc.execute(
        "insert into written values (?)",
        (PreparedStatement statement) -> {
          statement.setInt(1, id);
          int written = statement.executeUpdate();
          CommitWarnings.refuseIfCutShort(statement.getWarnings());
          return written;
        });
  }

  @Test
  void whatWasReadIsAnsweredForOnlyWhenAStandbyHasIt() {
    waitFor("absent");

    assertThat(cutShort(() -> read(Durability.REPLICATED)))
        .isInstanceOf(TransactionSystemException.class);
    assertThatNoException().isThrownBy(() -> read(Durability.LOCAL));
  }

  @Test
  void healthSaysOnHowManyDisksAnOrderIs() {
    assertThat(health(Durability.LOCAL).getStatus()).isEqualTo(Status.UP);
    Health alone = health(Durability.REPLICATED);
    assertThat(alone.getStatus()).isEqualTo(new Status("DEGRADED"));
    assertThat(alone.getDetails()).containsEntry("copies", 1);
    assertThat(alone.getDetails().get("reason")).asString().contains("on one disk only");
  }

  @Test
  void healthSaysThatAStandbyIsMissing() {
    waitFor("absent");

    Health missing = health(Durability.LOCAL);
    assertThat(missing.getStatus()).isEqualTo(new Status("DEGRADED"));
    assertThat(missing.getDetails().get("reason")).asString().contains("is not connected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                     | on           | 0 | 1 | 0",
        "standby                | on           | 1 | 2 | 0",
        "standby                | remote_apply | 1 | 2 | 0",
        "standby, other         | on           | 2 | 2 | 0",
        "*                      | on           | 0 | 2 | 1",
        "ANY 1 (a, b)           | on           | 2 | 2 | 0",
        "first 2 (\"a\", b, c)  | on           | 1 | 3 | 1",
        "2(a,b)                 | on           | 2 | 3 | 0",
        "standby                | local        | 1 | 1 | 0",
        "standby                | remote_write | 1 | 1 | 0"
      })
  void theNumberOfDisksFollowsFromWhatACommitWaitsFor(
      String names, String commit, long connected, int copies, long missing) {
    assertThat(DurabilityHealth.disks(names, commit, connected))
        .isEqualTo(new Disks(copies, missing));
  }

  /** Has an operator cancel the wait of a transaction, and returns what that one throws. */
  private static Throwable cutShort(Runnable work) {
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(work);
    await()
        .until(
            () ->
                !operator
                    .queryForList(
                        """
                        select pg_cancel_backend(pid) from pg_stat_activity
                        where wait_event = 'SyncRep' and usename <> current_user
                        """)
                    .isEmpty());
    return catchThrowable(() -> waiting.get(60, TimeUnit.SECONDS)).getCause();
  }

  private void write(int id) {
    transaction.executeWithoutResult(status -> jdbc.update("insert into written values (?)", id));
  }

  private void read(Durability durability) {
    transaction.executeWithoutResult(
        status -> {
          jdbc.queryForList("select id from written");
          new DurabilitySettings(durability).awaitStandby(jdbc);
        });
  }

  private static Health health(Durability durability) {
    return new DurabilityHealth(database, new DurabilitySettings(durability)).health();
  }

  private static void waitFor(String standbys) {
    operator.execute("alter system set synchronous_standby_names = '" + standbys + "'");
    operator.execute("select pg_reload_conf()");
    await()
        .until(
            () ->
                standbys.equals(
                    operator.queryForObject("show synchronous_standby_names", String.class)));
  }

  private static DatabaseSettings settings() {
    Part part = new Part(1, LONG, LONG, LONG);
    return new DatabaseSettings(
        part,
        part,
        part,
        part,
        part,
        "on",
        Duration.ofSeconds(2),
        Duration.ofSeconds(12),
        Pooler.NONE,
        "");
  }
}
