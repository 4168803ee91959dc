package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/**
 * Servers that go and come back under traffic: every order that was acknowledged has its effects,
 * once.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "orderflow.security.api-key=" + OrderflowTest.API_KEY)
@ContextConfiguration(initializers = RestartableServers.class)
@DirtiesContext
class FaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired HikariDataSource pool;

  private final Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private final String customer = "c-" + UUID.randomUUID();
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

  @Test
  void theDatabaseIsRestarted() throws InterruptedException {
    RestartableServers.POSTGRES.stop();
    try {
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
    } finally {
      RestartableServers.POSTGRES.start();
    }

    assertAllOrdersHaveTheirEffectsOnce();
  }

  @Test
  void theBrokerIsRestarted() throws InterruptedException {
    RestartableServers.KAFKA.stop();
    try {
      awaitOrders(20);
    } finally {
      RestartableServers.KAFKA.start();
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertThat(refused).hasValue(0);
  }

  @Test
  void theMailServerIsRestarted() throws InterruptedException {
    RestartableServers.MAILBOX.stop();
    try {
      awaitOrders(20);
    } finally {
      RestartableServers.MAILBOX.start();
    }

    assertAllOrdersHaveTheirEffectsOnce();
    assertThat(refused).hasValue(0);
  }

  @Test
  void theConnectionPoolIsExhausted() throws Exception {
    List<Connection> taken = new ArrayList<>();
    try {
      for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
        taken.add(pool.getConnection());
      }
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
    } finally {
      for (Connection connection : taken) {
        connection.close();
      }
    }

    assertAllOrdersHaveTheirEffectsOnce();
  }

  /** As a client does it: what is not acknowledged is sent again under the same key. */
  private void placeOrders() {
    Http http = new Http(port);
    String order =
        """
        {"customer":{"id":"%s","email":"minji@example.com","name":"Minji"},
         "currency":"KRW","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"1000"}]}
        """
            .formatted(customer);
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

  private int count(String from) {
    return jdbc.sql("select count(*) from (select * from " + from + ") as t where customer_id = ?")
        .param(customer)
        .query(Integer.class)
        .single();
  }
}
