package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class DeadLetterEditTest {

  @LocalServerPort int port;
  @Autowired JdbcTemplate jdbc;

  private final String customer = "c-" + UUID.randomUUID();
  private final String order = UUID.randomUUID().toString();
  private Http http;

  @BeforeEach
  void begin() {
    http = new Http(port);
  }

  @Test
  void aReplayUsesTheEditedPayloadAndTheOriginalIsKept() {
    String broken = event("\"-500\"");
    long id = letter("point-consumer", broken);

    Http.Response edited = edit(id, event("\"500\""), "\"1\"");

    assertThat(edited.status()).as(edited.raw().body()).isEqualTo(200);
    assertThat(edited.header("ETag")).isEqualTo("\"2\"");
    Http.Response shown = http.get("/api/dead-letters/" + id);
    assertThat(shown.header("ETag")).isEqualTo("\"2\"");
    assertThat(shown.json().path("payload").asText()).isEqualTo(broken);
    assertThat(shown.json().at("/edited/payload").asText()).isEqualTo(event("\"500\""));
    assertThat(shown.json().at("/edited/by").asText()).isNotEmpty();
    assertThat(shown.json().at("/edited/at").asText()).isNotEmpty();
    http.send("POST", "/api/dead-letters/" + id + "/replay", "");
    await()
        .until(
            () -> http.get("/api/dead-letters/" + id).json().path("state").asText(),
            "REPLAYED"::equals);
    assertThat(http.get("/api/customers/" + customer + "/points").json().path("balance").intValue())
        .isEqualTo(5);
    assertThat(http.get("/api/dead-letters/" + id).json().path("payload").asText())
        .isEqualTo(broken);
    assertProblem(edit(id, "x", "*"), 409, "dead-letter-settled");
    assertThat(http.get("/api/operator-actions?limit=200").json().toString())
        .contains(
            "\"action\":\"EDIT_DEAD_LETTER\",\"targetKind\":\"DEAD_LETTER\",\"targetId\":\"" + id);
  }

  @Test
  void anEditedOneThatFailsAgainIsTheSameEntryWithOneMoreAttempt() {
    long id = letter("point-consumer", event("\"-500\""));
    edit(id, event("\"-7\""), "\"1\"");
    http.send("POST", "/api/dead-letters/" + id + "/replay", "");

    await()
        .until(
            () -> http.get("/api/dead-letters/" + id).json().path("attempts").asInt(),
            attempts -> attempts == 2);
    assertThat(http.get("/api/dead-letters/" + id).json().path("state").asText())
        .isEqualTo("WAITING");
    assertThat(http.get("/api/dead-letters/" + id).json().at("/edited/payload").asText())
        .isEqualTo(event("\"-7\""));
    assertThat(
            jdbc.queryForObject(
                "select count(*) from dead_letter where position(?::bytea in coalesce(payload, '')) > 0",
                Long.class,
                order.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(1);
  }

  @Test
  void ofTwoOperatorsTheSecondSeesWhatTheFirstHasSaved() {
    long id = letter("point-consumer", event("\"-500\""));
    assertThat(edit(id, "of the first", "\"1\"").status()).isEqualTo(200);

    Http.Response second = edit(id, "of the second", "\"1\"");

    assertProblem(second, 412, "precondition-failed");
    assertThat(second.json().path("version").intValue()).isEqualTo(2);
    assertThat(second.json().at("/deadLetter/edited/payload").asText()).isEqualTo("of the first");
    assertThat(http.get("/api/dead-letters/" + id).json().at("/edited/payload").asText())
        .isEqualTo("of the first");
    assertThat(edit(id, "of the second", "\"2\"").status()).isEqualTo(200);
    assertProblem(edit(id, "x", null), 428, "precondition-required");
    assertProblem(edit(id, "x", "W/\"3\""), 412, "precondition-failed");
  }

  @Test
  void anEditThatEqualsTheOriginalTakesTheEditBack() {
    long id = letter("point-consumer", "no JSON");
    edit(id, "other", "*");

    Http.Response back = edit(id, "no JSON", "*");

    assertThat(back.json().has("edited")).isFalse();
    assertThat(back.json().path("version").intValue()).isEqualTo(3);
  }

  @Test
  void whatIsNoTextIsKeptAsItIsAndWhatIsTooLargeIsRefused() {
    long id = letter("point-consumer", "no JSON");
    byte[] bytes = {(byte) 0xff, 0, 1};

    Http.Response edited =
        http.send(
            "PUT",
            "/api/dead-letters/" + id + "/payload",
            java.net.http.HttpRequest.BodyPublishers.ofByteArray(bytes),
            "If-Match",
            "*");

    assertThat(edited.json().at("/edited/payloadEncoding").asText()).isEqualTo("base64");
    assertThat(edited.json().at("/edited/payload").asText()).isEqualTo("/wAB");
    assertProblem(edit(id, "x".repeat((1 << 20) + 1), "*"), 413, "body-too-large");
    assertProblem(edit(999_999_999_999L, "x", "*"), 404, "not-found");
  }

  @Test
  void anErasureReachesEditedPayloadsAndNothingOfTheCustomersIsStoredAnew() {
    long broken = letter("point-consumer", "no JSON");
    long whole = letter("point-consumer", event("\"-500\""));
    edit(broken, event("\"500\""), "*");
    edit(whole, event("\"500\""), "*");

    http.send("DELETE", "/api/customers/" + customer + "/personal-data", "");

    for (long id : List.of(broken, whole)) {
      assertThat(
              jdbc.queryForObject(
                  "select convert_from(edited, 'UTF8') from dead_letter where id = ?",
                  String.class,
                  id))
          .contains("\"total\":\"500\"")
          .doesNotContain("김민지", "minji@example.com");
    }
    assertThat(http.get("/api/dead-letters/" + broken).json().path("payload").asText())
        .as("a payload that names no customer")
        .isEqualTo("no JSON");
    assertProblem(edit(broken, event("\"7\""), "*"), 409, "dead-letter-of-erased-customer");
  }

  @Test
  void aDryRunSaysWhetherAReplayWorksAndWritesNothing() {
    long works = letter("point-consumer", event("\"500\""));
    long negative = letter("point-consumer", event("\"-500\""));
    long noJson = letter("point-consumer", "no JSON");
    long outbox = jdbc.queryForObject("select count(*) from point_entry", Long.class);

    JsonNode passes = dryRun(works);
    assertThat(passes.path("passes").booleanValue()).as(passes.toString()).isTrue();
    assertThat(outcomes(passes))
        .containsExactly("PARSE PASSED", "SCHEMA PASSED", "ORDER NOTE", "APPLY PASSED");
    assertThat(passes.at("/checks/1/text").asText()).isEqualTo("5 points for customer " + customer);
    assertThat(dryRun(negative).at("/checks/1/text").asText()).isEqualTo("total is negative");
    assertThat(outcomes(dryRun(negative)))
        .containsExactly("PARSE PASSED", "SCHEMA FAILED", "APPLY SKIPPED");
    assertThat(outcomes(dryRun(noJson))).startsWith("PARSE FAILED", "SCHEMA SKIPPED");
    assertThat(http.get("/api/customers/" + customer + "/points").json().path("balance").intValue())
        .isZero();
    assertThat(
            jdbc.queryForObject(
                "select count(*) from point_entry where order_id = ?::uuid", Long.class, order))
        .isZero();
    assertThat(jdbc.queryForObject("select count(*) from point_entry", Long.class))
        .isGreaterThanOrEqualTo(outbox);
    assertThat(http.get("/api/dead-letters/" + works).json().path("attempts").intValue())
        .isEqualTo(1);
  }

  @Test
  void aDryRunOfACouponSaysWhyItCanNotBeUsedAndTriesTheEditedOne() {
    String code = "DRY-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}".formatted(code));
    String event =
        event("\"450\"")
            .replace(
                "\"total\"",
                "\"couponCode\":\"WRONG\",\"subtotal\":\"500\",\"discount\":\"50\",\"total\"");
    long id = letter("coupon-consumer", event);

    assertThat(outcomes(dryRun(id))).endsWith("APPLY FAILED");
    assertThat(dryRun(id).at("/checks/3/text").asText()).isEqualTo("coupon WRONG does not exist");
    edit(id, event.replace("WRONG", code), "*");

    JsonNode passes = dryRun(id);
    assertThat(passes.path("passes").booleanValue()).as(passes.toString()).isTrue();
    assertThat(passes.path("version").intValue()).isEqualTo(2);
    assertThat(http.get("/api/coupons/" + code).json().path("used").intValue()).isZero();
    assertThat(http.get("/api/dead-letters/" + id).json().path("attempts").intValue()).isEqualTo(1);
  }

  @Test
  void aDryRunOfAMailWritesItAndSendsNone() {
    long id = letter("email-consumer", event("\"500\""));
    long whole =
        letter(
            "email-consumer",
            event("\"500\"")
                .replace(
                    "\"total\"",
                    "\"items\":[{\"name\":\"셔츠\",\"quantity\":1,\"unitPrice\":\"500\"}],\"subtotal\":\"500\",\"discount\":\"0\",\"total\""));

    assertThat(outcomes(dryRun(id))).contains("SCHEMA FAILED", "TEMPLATE SKIPPED");
    JsonNode passes = dryRun(whole);
    assertThat(outcomes(passes))
        .as(passes.toString())
        .containsExactly(
            "PARSE PASSED", "SCHEMA PASSED", "ORDER NOTE", "TEMPLATE PASSED", "APPLY PASSED");
    assertThat(
            jdbc.queryForObject(
                "select count(*) from mail where order_id = ?::uuid", Long.class, order))
        .isZero();
  }

  private JsonNode dryRun(long id) {
    Http.Response response = http.send("POST", "/api/dead-letters/" + id + "/preview", "");
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    return response.json();
  }

  private static List<String> outcomes(JsonNode dryRun) {
    List<String> outcomes = new ArrayList<>();
    dryRun
        .path("checks")
        .forEach(
            check ->
                outcomes.add(check.path("check").asText() + " " + check.path("outcome").asText()));
    return outcomes;
  }

  private Http.Response edit(long id, String payload, String version) {
    String path = "/api/dead-letters/" + id + "/payload";
    return version == null
        ? http.send("PUT", path, payload)
        : http.send("PUT", path, payload, "If-Match", version);
  }

  private static void assertProblem(Http.Response response, int status, String type) {
    assertThat(response.status()).as(response.raw().body()).isEqualTo(status);
    assertThat(response.json().path("type").asText()).isEqualTo("/problems/" + type);
  }

  private String event(String total) {
    return """
        {"orderId":"%s","customer":{"id":"%s","name":"김민지","email":"minji@example.com","locale":"ko"},"currency":"KRW","total":%s,"completedAt":"2026-11-22T05:00:00Z"}\
        """
        .formatted(order, customer, total);
  }

  private long letter(String consumer, String payload) {
    return jdbc.queryForObject(
        """
        insert into dead_letter (consumer, topic, partition, "offset", payload, customer_id, error, failed_at)
        values (?, 'order.completed', 0, ?, ?, ?, 'no good', now()) returning id
        """,
        Long.class,
        consumer,
        System.nanoTime(),
        payload.getBytes(StandardCharsets.UTF_8),
        payload.contains("김민지") ? customer : null);
  }
}
