package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import orderflow.platform.http.HttpEdgesTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two processes of the packaged jar on one PostgreSQL, one Kafka and one mail server, started once;
 * the test that freezes one of them comes before the last one, which kills it.
 */
@TestMethodOrder(OrderAnnotation.class)
class TwoInstancesIT {

  /** What takes 6 to 10 s where the machine has nothing else to do; the fault drill measures it. */
  private static final Duration A_SHORT_WHILE = Duration.ofSeconds(60);

  private static final int ORDERS = 300;

  /** Threads of an instance that send mails. */
  private static final int SENDERS = 4;

  private static JdbcClient jdbc;
  private static JarProcess one;
  private static JarProcess other;
  private static List<Http> instances;

  /** Tells this test's customers, coupon and keys from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void startBoth() throws IOException {
    jdbc = JdbcClient.create(FreshDatabase.named("two_instances"));
    Map<String, String> servers = new HashMap<>(RealServers.environment("two_instances"));
    servers.put("ORDERFLOW_API_KEY", OrderflowTest.API_KEY);
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of("target/two instances")), "")
            .toAbsolutePath();
    one = JarProcess.start(folder, folder.resolve("one.log"), servers);
    other = JarProcess.start(folder, folder.resolve("other.log"), servers);
    instances = List.of(new Http(one.port()), new Http(other.port()));
  }

  @AfterAll
  static void stopBoth() throws InterruptedException {
    one.close();
    other.close();
  }

  @Test
  @Order(1)
  void shareTheWorkAndDoNothingTwice() {
    coupon("\"usageLimit\":100");

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
    awaitMails(orders.size());
    await().until(() -> jdbc.sql("select count(*) = 0 from outbox").query(Boolean.class).single());
    assertThat(count("count(*) from orders where true")).isEqualTo(orders.size());
    assertThat(count("sum(balance) from point_balance where true"))
        .isEqualTo(100 * 90 + (ORDERS / 2) * 100);
    assertUses(100);
    assertThat(
            RealServers.mailbox().mails().stream()
                .filter(mail -> mail.header("X-Order-Id").filter(orders::contains).isPresent()))
        .hasSize(orders.size());
  }

  @Test
  @Order(2)
  void equalRequestsAtOnceMakeOneOrderAndGetEqualAnswers() {
    coupon("\"usageLimit\":1");

    List<Http.Response> answers = atOnce(50, i -> new Post(run, run, run));

    assertThat(answers).extracting(Http.Response::status).containsOnly(201);
    assertThat(answers)
        .extracting(answer -> answer.raw().body())
        .containsOnly(answers.get(0).raw().body());
    assertThat(answers)
        .extracting(answer -> answer.header("Location"))
        .containsOnly("/api/orders/" + answers.get(0).json().get("orderId").textValue());
    assertThat(answers)
        .filteredOn(answer -> answer.header("Idempotent-Replayed").isEmpty())
        .as("fresh answers")
        .hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.header("Idempotent-Replayed").equals("true"))
        .hasSize(49);
    assertThat(count("count(*) from orders where true")).isEqualTo(1);
    for (Http instance : instances) {
      HttpEdgesTest.assertProblem(
          new Post(run, null, run).sentTo(instance), 422, "idempotency-key-reused");
    }
  }

  @Test
  @Order(3)
  void equalKeysOfDifferentContentAtOnceMakeOneOrder() {
    List<Http.Response> answers = atOnce(20, i -> new Post(run + "-" + i, null, run));

    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 201)
        .allSatisfy(answer -> HttpEdgesTest.assertProblem(answer, 422, "idempotency-key-reused"));
    assertThat(count("count(*) from orders where true")).isEqualTo(1);
  }

  @Test
  @Order(4)
  void aFailedRequestLeavesItsKeyFreeOnBoth() {
    Http first = instances.get(0);
    Http second = instances.get(1);
    assertRefused(new Post(run, run, run).sentTo(first), "UNKNOWN");
    HttpEdgesTest.assertProblem(
        first.post("/api/orders", "{}", "Idempotency-Key", run), 422, "invalid-body");
    HttpEdgesTest.assertProblem(
        first.post("/api/orders", "{", "Idempotency-Key", run), 400, "malformed-request");
    coupon("\"usageLimit\":1");

    Http.Response placed = new Post(run, run, run).sentTo(second);

    assertThat(placed.status()).isEqualTo(201);
    assertThat(placed.header("Idempotent-Replayed")).isEmpty();
    assertThat(new Post(run, run, run).sentTo(first).raw().body()).isEqualTo(placed.raw().body());
  }

  @Test
  @Order(5)
  void simultaneousOrdersNeverExceedACouponsUses() {
    coupon("\"usageLimit\":10");

    List<Http.Response> answers = atOnce(100, i -> new Post(run + "-" + i, run, null));

    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(10);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 201)
        .hasSize(90)
        .allSatisfy(answer -> assertRefused(answer, "EXHAUSTED"));
    assertUses(10);
  }

  @Test
  @Order(6)
  void simultaneousOrdersNeverExceedACustomersShare() {
    coupon("\"usageLimit\":100,\"perCustomerLimit\":3");

    List<Http.Response> answers = atOnce(40, i -> new Post(run + "-" + i % 2, run, null));

    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(2 * 3);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 201)
        .hasSize(40 - 2 * 3)
        .allSatisfy(answer -> assertRefused(answer, "CUSTOMER_LIMIT"));
    assertUses(2 * 3);
    assertThat(count("count(distinct customer_id) from orders where true")).isEqualTo(2);
  }

  @Test
  @Order(7)
  void oneGoesOnForTheOtherThatIsFrozenAndNoHarmIsDoneWhenThatWakesUp() throws Exception {
    Http frozen = instances.get(0);
    Http survivor = instances.get(1);
    AtomicInteger sent = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService traffic = Executors.newFixedThreadPool(2);
    try {
      // Until it is frozen in the middle of its work.
      for (int thread = 0; thread < 2; thread++) {
        traffic.submit(
            () -> {
              while (!enough.get()) {
                int i = sent.getAndIncrement();
                // PostgreSQL ends a transaction whose client is frozen: that order is sent again.
                await().ignoreExceptions().untilAsserted(() -> plainOrder(frozen, i));
              }
            });
      }
      await().until(() -> sent.get() > 100);
      signal("-STOP", one);
      long halted = System.nanoTime();
      enough.set(true);

      String answersNothing = "/actuator/health/liveness";
      assertThatThrownBy(() -> get(one, answersNothing, Duration.ofSeconds(1)))
          .isInstanceOf(HttpTimeoutException.class);
      List<String> placed =
          IntStream.range(10_000, 10_040).mapToObj(i -> plainOrder(survivor, i)).toList();
      await()
          .atMost(A_SHORT_WHILE.minusNanos(System.nanoTime() - halted))
          .untilAsserted(() -> assertThat(effects(placed)).isEqualTo(40));
      await()
          .atMost(A_SHORT_WHILE)
          .until(
              () -> jdbc.sql("select count(*) from instance").query(Integer.class).single() == 1);
    } finally {
      signal("-CONT", one);
      enough.set(true);
      traffic.shutdown();
    }

    assertThat(traffic.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    IntStream.range(20_000, 20_020).forEach(i -> plainOrder(frozen, i));
    long all = sent.get() + 60;
    awaitMails((int) all);
    await().until(() -> jdbc.sql("select count(*) = 0 from outbox").query(Boolean.class).single());
    assertThat(count("count(*) from orders where true")).isEqualTo(all);
    assertThat(count("sum(balance) from point_balance where true")).isEqualTo(all * 100);
    assertThat(mailsTwice()).as("those in doubt").isLessThanOrEqualTo(SENDERS);
    await()
        .until(() -> jdbc.sql("select count(*) from instance").query(Integer.class).single() == 2);
  }

  @Test
  @Order(8)
  void oneGoesOnForTheOtherSoonAfterItsKill() throws InterruptedException {
    Http survivor = instances.get(1);
    IntStream.range(0, 20).forEach(i -> post(survivor, 2 * i + 1));
    awaitMails(20);

    one.process().destroyForcibly().waitFor();
    long killed = System.nanoTime();
    IntStream.range(20, 60).forEach(i -> post(survivor, 2 * i + 1));

    await().atMost(A_SHORT_WHILE.minusNanos(System.nanoTime() - killed)).until(() -> mails() == 60);
    assertThat(count("sum(balance) from point_balance where true")).isEqualTo(60 * 100);
  }

  /** An order of one customer, perhaps with a coupon and under a key. */
  private record Post(String customer, @Nullable String coupon, @Nullable String key) {

    Http.Response sentTo(Http instance) {
      String body =
          """
          {"customer":{"id":"%s","email":"kim@example.com","name":"Kim"},"currency":"KRW",
           "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"10000"}],"couponCode":%s}\
          """
              .formatted(customer, coupon == null ? "null" : '"' + coupon + '"');
      return key == null
          ? instance.post("/api/orders", body)
          : instance.post("/api/orders", body, "Idempotency-Key", key);
    }
  }

  /** Sends as many orders, all at the same moment, to both instances by turns. */
  private static List<Http.Response> atOnce(int times, IntFunction<Post> posts) {
    CyclicBarrier start = new CyclicBarrier(times);
    ExecutorService threads = Executors.newFixedThreadPool(times);
    try {
      List<Callable<Http.Response>> calls =
          IntStream.range(0, times)
              .mapToObj(
                  i ->
                      (Callable<Http.Response>)
                          () -> {
                            start.await();
                            return posts.apply(i).sentTo(instances.get(i % 2));
                          })
              .toList();
      List<Http.Response> answers = new ArrayList<>();
      for (Future<Http.Response> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** The order's id, or nothing if its coupon was exhausted. */
  private String post(Http instance, int i) {
    Http.Response answer =
        new Post(run + "-" + i % 7, i % 2 == 0 ? run : null, run + "-" + i).sentTo(instance);
    assertThat(answer.status()).isIn(201, 422);
    return answer.status() == 201 ? answer.json().get("orderId").textValue() : "";
  }

  /** An order without a coupon, sent again until it is answered; returns its id. */
  private String plainOrder(Http instance, int i) {
    Http.Response answer = new Post(run + "-" + i % 7, null, run + "-" + i).sentTo(instance);
    assertThat(answer.status()).isEqualTo(201);
    return answer.json().get("orderId").textValue();
  }

  /** How many of these orders have their points and their mail. */
  private static int effects(List<String> orders) {
    return jdbc.sql(
            """
            select count(*) from mail join point_entry using (order_id)
            where state = 'SENT' and order_id = any (?::uuid[])
            """)
        .param(orders.toArray(String[]::new))
        .query(Integer.class)
        .single();
  }

  private long mailsTwice() {
    List<String> orders =
        jdbc.sql("select id::text from orders where customer_id like ?")
            .param(run + "%")
            .query(String.class)
            .list();
    long mails =
        RealServers.mailbox().mails().stream()
            .filter(mail -> mail.header("X-Order-Id").filter(orders::contains).isPresent())
            .count();
    return mails - orders.size();
  }

  private static void get(JarProcess instance, String path, Duration timeout)
      throws IOException, InterruptedException {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + instance.port() + path))
                .timeout(timeout)
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private static void signal(String name, JarProcess instance)
      throws IOException, InterruptedException {
    String pid = String.valueOf(instance.process().pid());
    assertThat(new ProcessBuilder("kill", name, pid).start().waitFor()).isZero();
  }

  private void coupon(String limits) {
    String coupon = "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"},%s}";
    assertThat(instances.get(0).post("/api/coupons", coupon.formatted(run, limits)).status())
        .isEqualTo(201);
  }

  private static void assertRefused(Http.Response answer, String reason) {
    HttpEdgesTest.assertProblem(answer, 422, "coupon-not-redeemable");
    assertThat(answer.json().get("reason").textValue()).isEqualTo(reason);
  }

  /** As many orders have this test's coupon, and each of them comes to use it. */
  private void assertUses(int orders) {
    assertThat(count("count(*) from orders where coupon_code is not null")).isEqualTo(orders);
    assertThat(count("count(*) from coupon_redemption where true")).isEqualTo(orders);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                jdbc.sql("select used = ? and reserved = 0 from coupon where code = ?")
                    .params(orders, run)
                    .query(Boolean.class)
                    .single());
  }

  private void awaitMails(int sent) {
    await().atMost(Duration.ofSeconds(60)).until(() -> mails() == sent);
  }

  private long mails() {
    return count("count(*) from mail where state = 'SENT'");
  }

  /** Of this test's customers. */
  private long count(String what) {
    return jdbc.sql("select " + what + " and customer_id like ?")
        .param(run + "%")
        .query(Long.class)
        .single();
  }
}
