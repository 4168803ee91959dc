package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.http.HttpEdgesTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each part of the application goes on while another has none of its connections left. */
@OrderflowTest
class BulkheadsTest {

  private static final String READINESS = "/actuator/health/readiness";
  private static final Duration PROMPT = Duration.ofSeconds(3);

  @LocalServerPort int port;
  @Autowired Pools pools;
  @Autowired @FlywayDataSource DataSource migrations;

  private final List<Connection> held = new ArrayList<>();
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final String order =
      """
      {"customer":{"id":"c-%s","email":"minji@example.com","name":"Minji"},
       "currency":"KRW","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"1000"}]}
      """
          .formatted(UUID.randomUUID());

  @AfterEach
  void release() throws SQLException {
    for (Connection connection : held) {
      connection.close();
    }
    clients.shutdownNow();
  }

  @Test
  void manyMoreReadersThanConnectionsAreAnswered() throws Exception {
    String address = placed();
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      answers.add(clients.submit(() -> new Http(port).get(address).status()));
    }

    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(200);
    }
  }

  @Test
  void ordersHealthAndMetricsGoOnWhileReadsHaveNoConnection() throws Exception {
    String address = placed();
    holdAll(Bulkhead.REQUESTS);
    Future<Http.Response> read = clients.submit(() -> new Http(port).get(address));
    awaitWaiting(Bulkhead.REQUESTS);

    assertPrompt(READINESS);
    assertPrompt("/actuator/prometheus");
    placed();

    HttpEdgesTest.assertProblem(read.get(), 503, "unavailable");
    assertThat(read.get().header("Retry-After")).matches("[1-9][0-9]*");
  }

  @Test
  void ordersAndReadsGoOnWhileNothingElseHasAConnection() throws Exception {
    holdAll(Bulkhead.FLOW);

    assertPrompt(placed());
    assertPrompt(READINESS);
  }

  @Test
  void readsAndHealthGoOnWhileTheIntakeHasNoConnection() throws Exception {
    String address = placed();
    holdAll(Bulkhead.INTAKE);
    Future<Http.Response> refused = clients.submit(() -> new Http(port).post("/api/orders", order));
    awaitWaiting(Bulkhead.INTAKE);

    assertPrompt(address);
    assertPrompt(READINESS);

    HttpEdgesTest.assertProblem(refused.get(), 503, "unavailable");
  }

  @Test
  void aMigrationMayTakeLongButNotWaitForALock() {
    assertThat(
            JdbcClient.create(migrations)
                .sql(
                    """
                    select current_setting(name) from
                    unnest(array['statement_timeout', 'lock_timeout', 'enable_seqscan']) as name
                    """)
                .query(String.class)
                .list())
        .containsExactly("0", "2s", "on");
  }

  private String placed() {
    Http.Response placed = new Http(port).post("/api/orders", order);
    assertThat(placed.status()).isEqualTo(201);
    return placed.header("Location");
  }

  private void assertPrompt(String address) {
    // More than once: a busy machine is no fault.
    await()
        .untilAsserted(
            () -> {
              long began = System.nanoTime();
              Http.Response answer = new Http(port).get(address);
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.raw().body()).doesNotContain("orderflow_outbox_records NaN");
              assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPT);
            });
  }

  private void holdAll(Bulkhead bulkhead) throws SQLException {
    HikariDataSource pool = pools.of(bulkhead);
    for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
      held.add(pool.getConnection());
    }
  }

  private void awaitWaiting(Bulkhead bulkhead) {
    await()
        .until(() -> pools.of(bulkhead).getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
  }
}
