package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Consumers that a shop adds in files, on the running application; among them the examples. */
@OrderflowTest
@ExtendWith(OutputCaptureExtension.class)
class OwnConsumersTest {

  private static final Path EXAMPLES = Path.of("routes/examples");

  @Autowired OwnConsumers consumers;
  @Autowired OwnConsumerTable table;
  @Autowired CamelContext camel;
  @Autowired JdbcClient jdbc;
  @Autowired MeterRegistry meters;
  @LocalServerPort int port;
  @TempDir Path folder;

  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> posted = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final Set<String> used = new HashSet<>();
  private OwnConsumers.Loaded before;
  private HttpServer shop;
  private Http http;

  @BeforeEach
  void listen() throws IOException {
    before = consumers.loaded(camel);
    http = new Http(port);
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext("/orders", this::take);
    shop.start();
  }

  @AfterEach
  void unload() {
    shop.stop(0);
    consumers.unload(camel, before);
    used.forEach(
        name -> {
          jdbc.sql("delete from own_consumer where name = ?").param(name).update();
          jdbc.sql("delete from dead_letter where consumer = ?").param(name).update();
        });
  }

  @Test
  void theWebhookGetsEachOrderOnceWithItsIdAsKey() throws Exception {
    start("shop-a", "order-webhook.camel.yaml");

    String order = place("shop-a-customer");

    await().until(() -> posted(order) == 1);
    assertThat(keys).contains(order);
    assertThat(event(order).at("/customer/id").textValue()).isEqualTo("shop-a-customer");
  }

  @Test
  void ordersFromBeforeTheFirstStartAreNotTakenAndThoseOfAPauseAre() throws Exception {
    String early = place("c-early");
    await().until(() -> effects(early).at("/points/status").textValue().equals("DONE"));
    start("shop-b", "order-webhook.camel.yaml");
    String first = place("c-first");
    await().until(() -> posted(first) == 1);

    assertThat(http.post("/api/consumers/shop-b/pause", "").json().path("paused").asBoolean())
        .isTrue();
    consumers.run(camel);
    String late = place("c-late");
    await().until(() -> effects(late).at("/points/status").textValue().equals("DONE"));
    assertThat(posted(late)).isZero();
    assertThat(http.get("/api/consumers").json().path("consumers").toString())
        .contains("{\"name\":\"shop-b\",\"own\":true,\"paused\":true}");
    http.post("/api/consumers/shop-b/resume", "");
    consumers.run(camel);

    await().until(() -> posted(late) == 1);
    assertThat(posted(early)).isZero();
  }

  @Test
  void aServerThatIsBusyIsAskedAgainAndOneThatRefusesMakesADeadLetterThatCanBeReplayed(
      CapturedOutput log) throws Exception {
    start("shop-c", "order-webhook.camel.yaml");
    answers.put("c-busy", 503);
    answers.put("c-refused", 422);

    String busy = place("c-busy");
    await().until(() -> posted(busy) >= 2);
    answers.remove("c-busy");
    String refused = place("c-refused");
    await().until(() -> !letters("shop-c").isEmpty());

    JsonNode letter = letters("shop-c").get(0);
    assertThat(letter.get("error").textValue()).isEqualTo("the HTTP server answered 422");
    assertThat(letter.get("payload").textValue()).contains(refused);
    assertThat(effects(refused).at("/points/status").textValue()).isIn("DONE", "PENDING");
    await()
        .until(
            () ->
                meters
                    .find("orderflow.dead.letters.waiting")
                    .tag("consumer", "shop-c")
                    .gauges()
                    .stream()
                    .anyMatch(gauge -> gauge.value() == 1));

    answers.remove("c-refused");
    long before = posted(refused);
    http.post("/api/dead-letters/" + letter.get("id").longValue() + "/replay", "");
    await().until(() -> posted(refused) == before + 1);
    await().until(() -> letters("shop-c").isEmpty());
    assertThat(log).doesNotContain("HttpOperationFailedException");
  }

  @Test
  void builtInAndUnknownConsumersAreNotPaused() {
    assertThat(http.post("/api/consumers/point-consumer/pause", "").status()).isEqualTo(409);
    assertThat(http.post("/api/consumers/no-such/pause", "").status()).isEqualTo(404);
    assertThat(http.post("/api/consumers/..%2F/resume", "").status()).isEqualTo(404);
  }

  @Test
  void theDiaryHasALineForEachOrder() throws Exception {
    start("shop-d", "order-diary.camel.yaml");

    String one = place("c-1");
    String other = place("c-2");

    await()
        .until(
            () -> diary().filter(line -> line.contains(one) || line.contains(other)).count() == 2);
    await().until(() -> diary().anyMatch(line -> line.endsWith("," + one + ",100.00,EUR")));
  }

  @Test
  void aFileThatIsBrokenIsLeftOutAndSaidInOneLine(CapturedOutput log) throws Exception {
    Path broken = folder.resolve("broken.camel.yaml");
    Files.writeString(
        broken,
        Files.readString(EXAMPLES.resolve("order-webhook.camel.yaml"))
            .replace("order-webhook", "broken")
            .replace("{{webhook.url}}", "no-such-component:x"));
    int routes = camel.getRoutes().size();

    consumers.load(camel, broken);

    assertThat(log.getOut())
        .containsPattern(
            "ERROR OwnConsumers +\\S*broken.camel.yaml is not used: .*no-such-component");
    assertThat(camel.getRoutes()).hasSize(routes);
    assertThat(consumers.health().getStatus()).isEqualTo(new Status("DEGRADED"));
  }

  @Test
  void aNameThatIsTakenOrUnfitIsRefusedAndTheRoutesThatHaveItGoOn(CapturedOutput log)
      throws Exception {
    load("point-consumer", "order-webhook.camel.yaml");
    load("Shop", "order-diary.camel.yaml");
    load("apply-order", "order-diary.camel.yaml");

    assertThat(log.getOut())
        .contains("there is a route point-consumer already")
        .contains("name must be 1 to 63 characters a-z, 0-9 and -, the first a letter");
    String order = place("c-on");
    await().until(() -> effects(order).at("/points/status").textValue().equals("DONE"));
  }

  /** Loads an example under a name of its own, and waits until it takes part. */
  private void start(String name, String example) throws Exception {
    used.add(name);
    load(name, example);
    await()
        .until(
            () -> {
              consumers.run(camel);
              return table.names().contains(name);
            });
  }

  private void load(String name, String example) throws IOException {
    Path file = folder.resolve(name + ".camel.yaml");
    Files.writeString(
        file,
        Files.readString(EXAMPLES.resolve(example))
            .replaceAll("order-(webhook|diary)", name)
            .replace("file:diary", "file:" + folder)
            .replace(
                "{{webhook.url}}", "http://127.0.0.1:" + shop.getAddress().getPort() + "/orders"));
    consumers.load(camel, file);
  }

  private void take(HttpExchange request) throws IOException {
    JsonNode event = new ObjectMapper().readTree(request.getRequestBody());
    posted.add(event);
    keys.add(request.getRequestHeaders().getFirst("Idempotency-Key"));
    request.sendResponseHeaders(
        answers.getOrDefault(event.at("/customer/id").textValue(), 204), -1);
    request.close();
  }

  private long posted(String order) {
    return posted.stream().filter(event -> event.get("orderId").textValue().equals(order)).count();
  }

  private JsonNode event(String order) {
    return posted.stream()
        .filter(event -> event.get("orderId").textValue().equals(order))
        .findFirst()
        .orElseThrow();
  }

  private Stream<String> diary() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".csv")).toList().stream()
          .flatMap(
              file -> {
                try {
                  return Files.readAllLines(file).stream();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
    }
  }

  private String place(String customer) {
    return http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s","email":"own@example.com","name":"Own"},"currency":"EUR",
             "items":[{"sku":"A","name":"Shirt","quantity":1,"unitPrice":"100.00"}]}"""
                .formatted(customer))
        .json()
        .get("orderId")
        .textValue();
  }

  private JsonNode effects(String order) {
    return http.get("/api/orders/" + order).json().get("effects");
  }

  private JsonNode letters(String consumer) {
    return http.get("/api/dead-letters?state=WAITING&consumer=" + consumer)
        .json()
        .get("deadLetters");
  }
}
