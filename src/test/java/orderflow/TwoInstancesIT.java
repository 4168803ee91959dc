package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes of the packaged jar on one PostgreSQL, one Kafka and one mail server. */
class TwoInstancesIT {

  private static final int ORDERS = 300;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private JdbcClient jdbc;
  private JarProcess one;
  private JarProcess other;

  @BeforeEach
  void startBoth() throws IOException {
    DataSource database = FreshDatabase.named("two_instances");
    jdbc = JdbcClient.create(database);
    Map<String, String> servers = new HashMap<>(RealServers.environment("two_instances"));
    servers.put("ORDERFLOW_API_KEY", OrderflowTest.API_KEY);
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of("target/two instances")), "")
            .toAbsolutePath();
    one = JarProcess.start(folder, folder.resolve("one.log"), servers);
    other = JarProcess.start(folder, folder.resolve("other.log"), servers);
  }

  @AfterEach
  void stopBoth() throws InterruptedException {
    one.close();
    other.close();
  }

  @Test
  void shareTheWorkAndDoNothingTwice() {
    List<Http> instances = List.of(new Http(one.port()), new Http(other.port()));
    instances
        .get(0)
        .post(
            "/api/coupons",
            "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"},\"usageLimit\":100}"
                .formatted(run));

    // Each order reaches both instances at once, under one key; half of them want a coupon that is
    // good for a third.
    List<String> orders =
        IntStream.range(0, ORDERS)
            .parallel()
            .mapToObj(
                i ->
                    instances.stream()
                        .parallel()
                        .map(instance -> post(instance, i))
                        .distinct()
                        .toList())
            .peek(answers -> assertThat(answers).as("one answer").hasSize(1))
            .map(answers -> answers.get(0))
            .filter(answer -> !answer.isEmpty())
            .toList();

    assertThat(orders).hasSize(ORDERS / 2 + 100).doesNotHaveDuplicates();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> number("select count(*) from mail where state = 'SENT'") == orders.size());
    await().until(() -> number("select count(*) from outbox") == 0);
    assertThat(number("select count(*) from orders")).isEqualTo(orders.size());
    assertThat(number("select sum(balance) from point_balance"))
        .isEqualTo(100 * 90 + (ORDERS / 2) * 100);
    assertThat(number("select used from coupon")).isEqualTo(100);
    assertThat(
            RealServers.mailbox().mails().stream()
                .filter(mail -> mail.header("X-Order-Id").filter(orders::contains).isPresent()))
        .hasSize(orders.size());
  }

  @Test
  void oneGoesOnForTheOtherWithinTenSecondsOfItsKill() throws InterruptedException {
    Http survivor = new Http(other.port());
    one.port();
    IntStream.range(0, 20).forEach(i -> post(survivor, 2 * i + 1));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> number("select count(*) from mail where state = 'SENT'") == 20);

    one.process().destroyForcibly().waitFor();
    long killed = System.nanoTime();
    IntStream.range(20, 60).forEach(i -> post(survivor, 2 * i + 1));

    await()
        .atMost(Duration.ofSeconds(10).minusNanos(System.nanoTime() - killed))
        .until(() -> number("select count(*) from mail where state = 'SENT'") == 60);
    assertThat(number("select sum(balance) from point_balance")).isEqualTo(60 * 100);
  }

  /** The order's id, or nothing if its coupon was exhausted. */
  private String post(Http instance, int i) {
    Http.Response answer =
        instance.post(
            "/api/orders",
            """
        {"customer":{"id":"%s-%d","email":"kim@example.com","name":"Kim"},"currency":"KRW",
         "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"10000"}],"couponCode":%s}"""
                .formatted(run, i % 7, i % 2 == 0 ? '"' + run + '"' : "null"),
            "Idempotency-Key",
            run + "-" + i);
    assertThat(answer.status()).isIn(201, 422);
    return answer.status() == 201 ? answer.json().get("orderId").textValue() : "";
  }

  private long number(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
