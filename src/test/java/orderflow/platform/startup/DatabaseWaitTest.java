package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import orderflow.RealServers;
import orderflow.platform.embedded.FreePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseWaitTest {

  private final DatabaseWait wait = new DatabaseWait(Duration.ofMillis(20));

  @Test
  void goesOnAtOnceWithADatabaseThatIsThere(CapturedOutput output) {
    waitFor(RealServers.jdbcUrl(), RealServers.jdbcUser());
    assertThat(output).doesNotContain("Waiting for the database");
  }

  @Test
  void waitsForADatabaseThatIsNotThereYetAndSaysSoOnce(CapturedOutput output) throws Exception {
    int port = FreePort.any();
    CompletableFuture<Void> started =
        CompletableFuture.runAsync(
            () ->
                waitFor(
                    "jdbc:postgresql://127.0.0.1:" + port + "/orderflow?ApplicationName=secret",
                    RealServers.jdbcUser()));
    Awaitility.await().until(() -> output.toString().contains("127.0.0.1:" + port));
    assertThat(started).isNotDone();
    URI database = URI.create(RealServers.jdbcUrl().substring("jdbc:".length()));
    try (var relay = new Relay(port, database.getPort())) {
      started.get(60, TimeUnit.SECONDS);
    }
    assertThat(output.toString().lines().filter(line -> line.contains("127.0.0.1:" + port)))
        .singleElement()
        .asString()
        .contains("jdbc:postgresql://127.0.0.1:" + port + "/orderflow ")
        .doesNotContain("secret");
  }

  @Test
  void refusesADatabaseThatDoesNotExist() {
    assertThatThrownBy(() -> waitFor(RealServers.jdbcUrl() + "_missing", RealServers.jdbcUser()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("orderflow_missing\" does not exist")
        .hasMessageContaining("SPRING_DATASOURCE_URL");
  }

  @Test
  void refusesALoginTheDatabaseDoesNotKnow() {
    assertThatThrownBy(() -> waitFor(RealServers.jdbcUrl(), "stranger"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("user \"stranger\"");
  }

  @Test
  void refusesAWrongPassword() {
    assertThatThrownBy(
            () -> waitFor(RealServers.jdbcUrl(), RealServers.jdbcUser(), "not-the-password"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("password authentication failed")
        .hasMessageNotContaining("not-the-password");
  }

  @Test
  void namesTheSessionSettingThatTheDatabaseDoesNotKnow() {
    assertThatThrownBy(
            () ->
                waitFor(
                    RealServers.jdbcUrl(),
                    RealServers.jdbcUser(),
                    RealServers.jdbcPassword(),
                    "orderflow.database.session=jit=off no_such_setting=on",
                    "orderflow.database.synchronous-commit=on",
                    "orderflow.database.client-check-interval=2s",
                    "orderflow.database.client-timeout=12s",
                    "orderflow.database.flow.connections=1",
                    "orderflow.database.flow.statement-timeout=1s",
                    "orderflow.database.flow.lock-timeout=1s",
                    "orderflow.database.flow.idle-in-transaction-timeout=1s"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("no_such_setting")
        .hasMessageContaining("check the settings orderflow.database");
  }

  private void waitFor(String url, String user) {
    waitFor(url, user, RealServers.jdbcPassword());
  }

  private void waitFor(String url, String user, String password, String... settings) {
    try (var context = new GenericApplicationContext()) {
      TestPropertyValues.of(
              "spring.datasource.url=" + url,
              "spring.datasource.username=" + user,
              "spring.datasource.password=" + password)
          .and(settings)
          .applyTo(context);
      wait.initialize(context);
    }
  }

  /** Lets a port lead to the database from now on. */
  private static class Relay implements AutoCloseable {

    private final ServerSocket entrance;

    Relay(int from, int to) throws IOException {
      entrance = new ServerSocket(from, 50, InetAddress.getByName("127.0.0.1"));
      daemon(
          () -> {
            while (true) {
              Socket client = entrance.accept();
              Socket server = new Socket("127.0.0.1", to);
              daemon(() -> client.getInputStream().transferTo(server.getOutputStream()));
              daemon(() -> server.getInputStream().transferTo(client.getOutputStream()));
            }
          });
    }

    @Override
    public void close() throws IOException {
      entrance.close();
    }

    private static void daemon(Work work) {
      var thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException closed) {
                  // The test is over.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private interface Work {
      void run() throws IOException;
    }
  }
}
