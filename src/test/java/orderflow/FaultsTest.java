package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import orderflow.console.Visitor;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.jdbc.Pools;
import orderflow.platform.retry.BackgroundLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/**
 * Servers that go and come back under traffic: every order that was acknowledged has its effects,
 * once.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "orderflow.security.api-key=" + OrderflowTest.API_KEY,
      "orderflow.intake.timeout=5s"
    })
@ContextConfiguration(initializers = RestartableServers.class)
@DirtiesContext
class FaultsTest {

  /** The whole application's. */
  @TestConfiguration
  static class Time {

    @Bean
    @Primary
    TestClock testClock() {
      return new TestClock();
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String READINESS = "/actuator/health/readiness";
  private static final String LIVENESS = "/actuator/health/liveness";

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired Pools pools;
  @Autowired TestClock clock;

  @Autowired
  @Qualifier("mailClockLoop") BackgroundLoop mailClock;

  private final List<UUID> acknowledged = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final String customer = "c-" + UUID.randomUUID();
  private final String order =
      """
      {"customer":{"id":"%s","email":"minji@example.com","name":"Minji"},
       "currency":"KRW","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"1000"}]}
      """
          .formatted(customer);
  private final Thread traffic = new Thread(this::placeOrders);
  private volatile boolean over;

  @BeforeEach
  void startTraffic() {
    traffic.start();
    awaitOrders(20);
  }

  @AfterEach
  void stopTraffic() throws InterruptedException {
    over = true;
    traffic.join();
  }

  @AfterEach
  void setClock() {
    clock.isAhead(Duration.ZERO);
  }

  @Test
  void theDatabaseIsRestarted() throws InterruptedException {
    Http http = new Http(port);
    Visitor operator = Visitor.withKey(port, OrderflowTest.API_KEY);
    RestartableServers.POSTGRES.stop();
    try {
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
      assertTheConsoleSaysThatTheDatabaseIsAway(operator);
      assertThat(http.get(READINESS).status()).isEqualTo(503);
      assertThat(http.get(LIVENESS).status()).isEqualTo(200);
      RestartableServers.publish("no json", customer);
    } finally {
      RestartableServers.POSTGRES.start();
    }

    await().atMost(PATIENCE).until(() -> http.get(READINESS).status() == 200);
    assertAllOrdersHaveTheirEffectsOnce();
    await().atMost(PATIENCE).until(() -> attemptsOnRecordsOf(customer).equals(List.of(1, 1, 1)));
    assertDeadLettersReachTheirTopic();
  }

  private static void assertTheConsoleSaysThatTheDatabaseIsAway(Visitor operator) {
    await()
        .untilAsserted(
            () -> {
              Visitor.Page now = operator.get("/console");
              assertThat(now.status()).isEqualTo(200);
              assertThat(now.body()).contains("The database is away.");
            });
    Visitor.Page orders = operator.get("/console/orders");
    assertThat(orders.status()).isEqualTo(503);
    assertThat(orders.body()).contains("<h1>Not available now</h1>", "Try again");
    Visitor.Page coupon =
        operator.submit(
            "/console/coupons", Map.of("code", "TYPED", "type", "PERCENT", "value", "10"));
    assertThat(coupon.status()).isEqualTo(503);
    assertThat(coupon.body()).contains("name=\"code\" value=\"TYPED\"", "Send again");
  }

  @Test
  void theDatabaseIsKilled() throws InterruptedException {
    RestartableServers.POSTGRES.kill();

    assertAllOrdersHaveTheirEffectsOnce();
  }

  /** A day ahead, where it was, a day back, and where it was again. */
  @Test
  void theClockIsPutForwardAndBack() throws InterruptedException {
    for (int days : new int[] {1, 0, -1, 0}) {
      clock.isAhead(Duration.ofDays(days));
      awaitOrders(20);
      mailClock.wake(); // which it does by itself once a minute
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertThat(refused).hasValue(0);
  }

  @Test
  void anIdempotencyKeyStandsForItsOrderLongAfterADay() {
    Http http = new Http(port);
    String key = UUID.randomUUID().toString();
    Http.Response placed = http.post("/api/orders", order, "Idempotency-Key", key);
    clock.isAhead(Duration.ofDays(400));

    Http.Response replayed = http.post("/api/orders", order, "Idempotency-Key", key);

    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(replayed.raw().body()).isEqualTo(placed.raw().body());
  }

  @Test
  void theDatabaseIsFrozen() throws Exception {
    Http http = new Http(port);
    close(everyConnection()); // just used: the pool gives them away unchecked
    RestartableServers.POSTGRES.freeze();
    try {
      long frozen = System.nanoTime();
      assertThat(http.get(READINESS).status()).isEqualTo(503);
      assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isLessThan(Duration.ofSeconds(10));
      assertThat(http.get(LIVENESS).status()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
    } finally {
      RestartableServers.POSTGRES.thaw();
    }

    await().atMost(PATIENCE).until(() -> http.get(READINESS).status() == 200);
    assertAllOrdersHaveTheirEffectsOnce();
  }

  /** As after a fail-over: new connections lead to a server that takes no writes. */
  @Test
  void theDatabaseTurnsReadOnlyAndTakesWritesAgain() throws Exception {
    Http http = new Http(port);
    try (Connection operator = RestartableServers.connect();
        Statement statement = operator.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      statement.execute("alter database orderflow set default_transaction_read_only = on");
      try {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like"
                + " 'orderflow %'");
        int before = refused.get();
        await().atMost(PATIENCE).until(() -> http.get(READINESS).status() == 503);
        await().atMost(PATIENCE).until(() -> refused.get() > before);
        assertThat(http.get(LIVENESS).status()).isEqualTo(200);
      } finally {
        statement.execute("alter database orderflow reset default_transaction_read_only");
      }
    }

    await().atMost(PATIENCE).until(() -> http.get(READINESS).status() == 200);
    assertAllOrdersHaveTheirEffectsOnce();
  }

  @Test
  void theBrokerIsSlow() throws Exception {
    RestartableServers.limitClientsOfKafka(2_000.0);
    try {
      awaitOrders(100);
      await("records that wait for the broker")
          .until(() -> jdbc.sql("select count(*) > 0 from outbox").query(Boolean.class).single());
    } finally {
      RestartableServers.limitClientsOfKafka(null);
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertOrdersAreOnTheTopicAsTheyWerePlaced();
    assertThat(refused).hasValue(0);
  }

  @Test
  void theBrokerIsRestarted() throws InterruptedException {
    RestartableServers.publish("no json", customer);
    await().atMost(PATIENCE).until(() -> attemptsOnRecordsOf(customer).equals(List.of(1, 1, 1)));
    RestartableServers.KAFKA.stop();
    try {
      awaitOrders(20);
      assertThat(new Http(port).get(READINESS).status()).isEqualTo(200);
      new Http(port).send("POST", "/api/dead-letters/replay?consumer=point-consumer", "");
      await().atMost(PATIENCE).until(() -> attemptsOnRecordsOf(customer).equals(List.of(1, 1, 2)));
    } finally {
      RestartableServers.KAFKA.start();
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertOrdersAreOnTheTopicAsTheyWerePlaced();
    assertThat(refused).hasValue(0);
  }

  @Test
  void theMailServerIsRestarted() throws InterruptedException {
    RestartableServers.MAILBOX.stop();
    try {
      awaitOrders(20);
      assertThat(new Http(port).get(READINESS).status()).isEqualTo(200);
      RestartableServers.publish("no json", customer);
      assertDeadLettersReachTheirTopic();
    } finally {
      RestartableServers.MAILBOX.start();
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertThat(refused).hasValue(0);
  }

  @Test
  void theConnectionPoolIsExhausted() throws Exception {
    List<Connection> taken = everyConnection();
    try {
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
    } finally {
      close(taken);
    }

    assertAllOrdersHaveTheirEffectsOnce();
  }

  private List<Connection> everyConnection() throws SQLException {
    List<Connection> taken = new ArrayList<>();
    for (Bulkhead bulkhead : Bulkhead.values()) {
      HikariDataSource pool = pools.of(bulkhead);
      for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
        taken.add(pool.getConnection());
      }
    }
    return taken;
  }

  private static void close(List<Connection> connections) throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  /** As a client does it: what is not acknowledged is sent again under the same key. */
  private void placeOrders() {
    Http http = new Http(port);
    String key = UUID.randomUUID().toString();
    while (!over) {
      Http.Response answer =
          http.send(
              "POST",
              "/api/orders",
              BodyPublishers.ofString(order),
              "Content-Type",
              "application/json",
              "Idempotency-Key",
              key);
      if (answer.status() == 201) {
        acknowledged.add(UUID.fromString(answer.json().get("orderId").textValue()));
        key = UUID.randomUUID().toString();
      } else {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        refused.incrementAndGet();
      }
    }
  }

  private void awaitOrders(int more) {
    int goal = acknowledged.size() + more;
    await().atMost(PATIENCE).until(() -> acknowledged.size() >= goal);
  }

  private void assertAllOrdersHaveTheirEffectsOnce() throws InterruptedException {
    awaitOrders(20);
    stopTraffic();
    int orders = acknowledged.size();
    await()
        .atMost(PATIENCE)
        .until(
            () -> count("point_entry") == orders && count("mail where state = 'SENT'") == orders);
    assertThat(count("orders")).isEqualTo(orders);
    assertThat(
            jdbc.sql("select balance from point_balance where customer_id = ?")
                .param(customer)
                .query(BigDecimal.class)
                .single())
        .isEqualByComparingTo(BigDecimal.valueOf(10L * orders));
    assertThat(count("dead_letter")).isZero();
    Set<String> ids = acknowledged.stream().map(UUID::toString).collect(Collectors.toSet());
    assertThat(RestartableServers.mailedOrders().stream().filter(ids::contains))
        .doesNotHaveDuplicates()
        .hasSize(orders);
  }

  /** By the first record of each: what was not acknowledged by the broker may be there again. */
  private void assertOrdersAreOnTheTopicAsTheyWerePlaced() {
    Set<UUID> found = new LinkedHashSet<>();
    TopicReader.await(
        RestartableServers.brokers(),
        "order.completed",
        1,
        message -> {
          if (message.hasKey(customer) && !message.header("ce_subject").isEmpty()) {
            found.add(UUID.fromString(message.header("ce_subject")));
          }
          return found.size() == acknowledged.size();
        });
    assertThat(found).containsExactlyElementsOf(acknowledged);
  }

  private void assertDeadLettersReachTheirTopic() {
    assertThat(
            TopicReader.await(
                RestartableServers.brokers(),
                "order.completed.dlt",
                3,
                message -> message.hasKey(customer)))
        .extracting(message -> message.header("consumer"))
        .containsExactlyInAnyOrder("point-consumer", "coupon-consumer", "email-consumer");
  }

  /** How often each consumer has failed on the bad records of a key. */
  private List<Integer> attemptsOnRecordsOf(String key) {
    return jdbc.sql(
            "select attempts from dead_letter where key = convert_to(?, 'UTF8') order by attempts")
        .param(key)
        .query(Integer.class)
        .list();
  }

  private int count(String from) {
    return jdbc.sql("select count(*) from (select * from " + from + ") as t where customer_id = ?")
        .param(customer)
        .query(Integer.class)
        .single();
  }
}
