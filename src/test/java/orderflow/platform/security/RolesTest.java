package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.http.HttpEdgesTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Named keys over the running interface: each may do what its roles allow, from when its line is
 * there.
 */
@OrderflowTest
@ExtendWith(OutputCaptureExtension.class)
class RolesTest {

  private static final String ORDER =
      """
      {"customer":{"id":"c-roles","email":"minji@example.com","name":"김민지"},"currency":"KRW",
       "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"39000"}]}
      """;

  @LocalServerPort int port;

  @Value("${orderflow.security.keys-file}")
  Path file;

  @Autowired JdbcTemplate jdbc;

  private Http http;
  private String lines = "";

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @AfterEach
  void takeTheKeysAway() throws IOException {
    Files.writeString(file, "# none\n");
  }

  @Test
  void aKeyDoesWhatItsRolesAllow() throws IOException {
    String orders = key("shop", "orders");
    String coupons = key("marketing", "coupons");
    String operator = key("support", "operator");
    String coupon = "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}";

    assertThat(post("/api/orders", ORDER, orders)).isEqualTo(201);
    assertThat(post("/api/orders", ORDER, operator)).isEqualTo(201);
    assertForbidden(http.post("/api/orders", ORDER, as(coupons)));
    assertForbidden(http.post("/api/orders", "no JSON is looked at", as(coupons)));
    assertThat(post("/api/coupons", coupon.formatted(UUID.randomUUID()), coupons)).isEqualTo(201);
    assertForbidden(http.post("/api/coupons", coupon, as(orders)));
    assertThat(http.get("/api/orders", as(orders)).status()).isEqualTo(200);
    assertThat(http.get("/api/customers/c-roles/points", as(orders)).status()).isEqualTo(200);
    assertThat(http.get("/api/imports", as(orders)).status()).isEqualTo(200);
    assertForbidden(http.get("/api/imports", as(coupons)));
    assertForbidden(http.send("POST", "/api/dead-letters/1/replay", "", as(orders)));
    assertForbidden(http.send("POST", "/api/dead-letters/1/preview", "", as(orders)));
    assertForbidden(http.send("PUT", "/api/dead-letters/1/payload", "x", as(orders)));
    assertForbidden(http.get("/api/operations", as(orders)));
    assertForbidden(http.send("POST", "/api/operations/1/cancel", "", as(orders)));
    assertForbidden(http.send("DELETE", "/api/customers/nobody/personal-data", "", as(orders)));
    assertThat(
            http.send("DELETE", "/api/customers/nobody/personal-data", "", as(operator)).status())
        .isEqualTo(204);
    assertThat(http.get("/api/nothing", as(coupons)).status()).isEqualTo(404);
  }

  @Test
  void supportCancelsUpToItsLimitAndReadsWhatOrdersReads() throws IOException {
    String support = key("desk", "support");
    String orders = key("shop", "orders");
    String cheap = http.post("/api/orders", ORDER).json().path("orderId").asText();
    String dear =
        http.post("/api/orders", ORDER.replace("39000", "300001")).json().path("orderId").asText();

    assertForbidden(http.post("/api/orders", ORDER, as(support)));
    assertForbidden(cancel(cheap, orders));
    assertThat(http.get("/api/orders/" + cheap, as(support)).status()).isEqualTo(200);
    assertForbidden(http.get("/api/orders/" + cheap + "/email", as(support)));
    Http.Response over = cancel(dear, support);
    assertThat(over.status()).isEqualTo(403);
    assertThat(over.json().path("type").asText()).isEqualTo("/problems/over-support-limit");
    assertThat(over.json().path("limit").asText()).isEqualTo("300000");
    Http.Response cancelled = cancel(cheap, support);
    assertThat(cancelled.status()).isEqualTo(201);
    assertThat(cancel(dear, key("boss", "operator")).status()).isEqualTo(201);
    String preview = "/api/orders/" + dear + "/reversals/preview";
    assertThat(http.post(preview, "{\"kind\":\"CANCEL\"}", as(orders)).status()).isEqualTo(409);
    assertForbidden(
        http.post(
            "/api/reversals/" + cancelled.json().path("reversalId").asText() + "/refund",
            "{\"state\":\"FAILED\"}",
            as(orders)));
    assertForbidden(http.send("POST", "/api/dead-letters/1/replay", "", as(support)));
    assertForbidden(http.send("DELETE", "/api/customers/nobody/personal-data", "", as(support)));
  }

  private Http.Response cancel(String order, String key) {
    return http.post(
        "/api/orders/" + order + "/cancel",
        "{\"reason\":\"CUSTOMER\"}",
        "Idempotency-Key",
        "once",
        "Authorization",
        "Bearer " + key);
  }

  @Test
  void onlyOperatorsSeeWhatIsInDeadLetters() throws IOException {
    String orders = key("shop", "orders");
    String event =
        "{\"customerName\":\"김민지\",\"phone\":\"010-1234\",\"n\\u0061me\":\"Kim\",\"broken";
    Long id =
        jdbc.queryForObject(
            """
            insert into dead_letter (consumer, topic, partition, "offset", key, payload, error, failed_at)
            values ('point-consumer', 'order.completed', 0, ?, 'Kim', ?, 'no mailbox minji@example.com', now()) returning id
            """,
            Long.class,
            System.nanoTime(),
            event.getBytes(StandardCharsets.UTF_8));

    JsonNode listed = null; // others' may have come meanwhile
    for (JsonNode letter :
        http.get("/api/dead-letters?limit=200", as(orders)).json().path("deadLetters")) {
      listed = letter.path("id").longValue() == id ? letter : listed;
    }
    JsonNode shown = http.get("/api/dead-letters/" + id, as(orders)).json();

    assertThat(listed).isNotNull();
    for (JsonNode letter : new JsonNode[] {listed, shown}) {
      assertThat(letter.path("payload").isNull()).isTrue();
      assertThat(letter.path("key").isNull()).isTrue();
      assertThat(letter.path("error").asText()).isEqualTo("no mailbox …");
      assertThat(letter.path("cause").asText()).isEqualTo("no mailbox …");
      assertThat(letter.path("attempts").intValue()).isEqualTo(1);
      assertThat(letter.path("state").asText()).isEqualTo("WAITING");
    }
    assertThat(http.get("/api/dead-letters/" + id).json().path("payload").asText())
        .isEqualTo(event);
    assertThat(http.get("/api/dead-letters/" + id).json().path("error").asText())
        .isEqualTo("no mailbox minji@example.com");
  }

  @Test
  void theActsOfOperatorsAreOnRecordForOperatorsAlone(CapturedOutput log) throws IOException {
    String support = key("support-desk", "operator");
    String coupon = "AUDIT-" + UUID.randomUUID();

    assertThat(
            post(
                "/api/coupons",
                "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"100\"}}"
                    .formatted(coupon),
                support))
        .isEqualTo(201);
    http.send("POST", "/api/dead-letters/0/discard", "", as(support));
    http.send("POST", "/api/dead-letters/replay?consumer=coupon-consumer", "", as(support));
    http.send("DELETE", "/api/customers/c-audit/personal-data", "", as(support));

    JsonNode acts = http.get("/api/operator-actions?limit=3", as(support)).json();
    assertThat(acts.path("operatorActions").findValuesAsText("action"))
        .containsExactly("ERASE_PERSONAL_DATA", "REPLAY_DEAD_LETTERS", "CREATE_COUPON");
    assertThat(acts.path("operatorActions").findValuesAsText("targetId"))
        .containsExactly("c-audit", "coupon-consumer", coupon);
    assertThat(acts.path("operatorActions").findValuesAsText("actor")).containsOnly("support-desk");
    assertThat(acts.at("/operatorActions/2/detail/value").asText()).isEqualTo("100");
    assertThat(
            http.get(
                    "/api/operator-actions?limit=1&cursor=" + acts.path("next").asText(),
                    as(support))
                .status())
        .isEqualTo(200);
    assertThat(log)
        .contains(
            "Operator action: CREATE_COUPON by support-desk (operator) on COUPON " + coupon,
            "Operator action: ERASE_PERSONAL_DATA by support-desk (operator) on CUSTOMER c-audit")
        .doesNotContain("DISCARD_DEAD_LETTER by support-desk");
    assertForbidden(http.get("/api/operator-actions", as(key("shop", "orders,coupons"))));
  }

  @Test
  void noKeyIsEverToldAnywhere(CapturedOutput log) throws IOException {
    String orders = key("shop", "orders");
    String wrong = "a-wrong-key-" + UUID.randomUUID();

    Http.Response refused = http.get("/api/orders", as(wrong));
    http.get("/api/orders?x=1", as(orders));
    http.get("/api/dead-letters/1/" + UUID.randomUUID(), as(orders));

    assertThat(refused.raw().body() + refused.raw().headers()).doesNotContain(wrong);
    await().untilAsserted(() -> assertThat(log).contains("shop orders"));
    assertThat(log).doesNotContain(wrong, orders, OrderflowTest.API_KEY);
    assertThat(http.get("/actuator/prometheus").raw().body())
        .doesNotContain(wrong, orders, OrderflowTest.API_KEY);
  }

  private int post(String path, String body, String key) {
    return http.post(path, body, as(key)).status();
  }

  private static String[] as(String key) {
    return new String[] {"Authorization", "Bearer " + key};
  }

  private static void assertForbidden(Http.Response response) {
    HttpEdgesTest.assertProblem(response, 403, "forbidden");
  }

  /** Adds a key to the file, and waits until it is known. */
  private String key(String name, String role) throws IOException {
    var out = new ByteArrayOutputStream();
    NewKey.run(new PrintStream(out), System.err, "new-key", name, role);
    String[] made = out.toString(StandardCharsets.UTF_8).split("\n", -1);
    lines += made[1] + "\n";
    Files.writeString(file, lines);
    await().until(() -> http.get("/api/nothing", as(made[0])).status() == 404);
    return made[0];
  }
}
