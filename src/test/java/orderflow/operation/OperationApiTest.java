package orderflow.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class OperationApiTest {

  @LocalServerPort int port;
  @Autowired JdbcTemplate jdbc;

  private final String cause =
      "of its kind " + UUID.randomUUID().toString().replaceAll("[^a-f]", "");
  private Http http;

  @BeforeEach
  void begin() {
    http = new Http(port);
  }

  @Test
  void theReplayOfAGroupIsAnOperationThatShowsWhatBecameOfIt() {
    letter("no JSON");
    letter(
        "{\"orderId\":\"%s\",\"customer\":{\"id\":\"c-1\"},\"total\":\"10\"}"
            .formatted(UUID.randomUUID()));

    Http.Response asked = replay("&rate=5&stopAfterFailures=9&limit=100");

    assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
    assertThat(asked.json().path("replays").intValue()).isEqualTo(2);
    assertThat(asked.header("Location"))
        .isEqualTo("/api/operations/" + asked.json().path("operation").asText());
    JsonNode ended =
        await()
            .until(
                () -> http.get(asked.header("Location")).json(),
                operation -> !operation.path("finishedAt").isNull());
    assertThat(ended.path("state").asText()).isEqualTo("DONE");
    assertThat(ended.path("kind").asText()).isEqualTo("REPLAY_DEAD_LETTERS");
    assertThat(ended.path("cause").asText()).isEqualTo(cause);
    assertThat(ended.path("total").intValue()).isEqualTo(2);
    assertThat(ended.path("done").intValue()).isEqualTo(1);
    assertThat(ended.path("failed").intValue()).isEqualTo(1);
    assertThat(ended.path("failures")).hasSize(1);
    assertThat(ended.path("rate").intValue()).isEqualTo(5);
    assertThat(http.get("/api/operations?state=DONE&limit=200").json().findValuesAsText("id"))
        .contains(ended.path("id").asText());
    assertProblem(http.send("POST", path(ended, "cancel"), ""), 409, "operation-ended");
  }

  @Test
  void anOperationIsPausedResumedAndCancelled() {
    for (int i = 0; i < 20; i++) {
      letter("no JSON " + i);
    }
    JsonNode begun = http.get(replay("&rate=1").header("Location")).json();

    assertThat(state(http.send("POST", path(begun, "pause"), ""))).isEqualTo("PAUSED");
    assertThat(state(http.send("POST", path(begun, "pause"), ""))).isEqualTo("PAUSED");
    assertThat(state(http.send("POST", path(begun, "resume"), ""))).isEqualTo("RUNNING");
    assertThat(state(http.send("POST", path(begun, "cancel"), ""))).isEqualTo("CANCELLED");
    assertThat(state(http.send("POST", path(begun, "cancel"), ""))).isEqualTo("CANCELLED");
    assertProblem(http.send("POST", path(begun, "resume"), ""), 409, "operation-ended");
    JsonNode ended =
        await()
            .until(
                () -> http.get("/api/operations/" + begun.path("id").asText()).json(),
                operation -> !operation.path("finishedAt").isNull());
    assertThat(ended.path("done").intValue() + ended.path("failed").intValue()).isLessThan(20);
    assertThat(http.get("/api/operator-actions?limit=200").json().findValuesAsText("action"))
        .contains("PAUSE_OPERATION", "RESUME_OPERATION", "CANCEL_OPERATION");
  }

  @Test
  void anErasureIsAnOperationThatCanNotBeCancelled() {
    Http.Response erased =
        http.send("DELETE", "/api/customers/c-" + UUID.randomUUID() + "/personal-data", "");

    assertThat(erased.status()).isEqualTo(204);
    JsonNode operation = http.get(erased.header("Location")).json();
    assertThat(operation.path("kind").asText()).isEqualTo("ERASE_PERSONAL_DATA");
    assertThat(operation.path("done").intValue()).isEqualTo(operation.path("total").intValue() / 2);
    assertProblem(
        http.send("POST", path(operation, "cancel"), ""), 409, "operation-not-cancellable");
  }

  @Test
  void anAddressIsNotKeptAsATarget() {
    Http.Response erased =
        http.send("DELETE", "/api/customers/erase-me%40example.com/personal-data", "");

    assertThat(http.get(erased.header("Location")).json().path("target").asText())
        .startsWith("sha256:")
        .doesNotContain("erase-me");
  }

  @Test
  void whatCanNotBeMeantIsRefused() {
    assertProblem(http.get("/api/operations?state=ENDED"), 400, "malformed-request");
    assertProblem(http.get("/api/operations?cursor=x"), 400, "malformed-request");
    assertProblem(http.get("/api/operations/999999999999"), 404, "not-found");
    assertProblem(http.send("POST", "/api/operations/0/pause", ""), 404, "not-found");
    assertProblem(replay("&rate=0"), 400, "malformed-request");
    assertProblem(replay("&rate=10001"), 400, "malformed-request");
    assertProblem(replay("&limit=x"), 400, "malformed-request");
  }

  private Http.Response replay(String more) {
    return http.send(
        "POST",
        "/api/dead-letters/replay?consumer=point-consumer&cause="
            + cause.replace(" ", "%20")
            + more,
        "");
  }

  private static String path(JsonNode operation, String verb) {
    return "/api/operations/" + operation.path("id").asText() + "/" + verb;
  }

  private static String state(Http.Response response) {
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    return response.json().path("state").asText();
  }

  private static void assertProblem(Http.Response response, int status, String type) {
    assertThat(response.status()).as(response.raw().body()).isEqualTo(status);
    assertThat(response.json().path("type").asText()).isEqualTo("/problems/" + type);
  }

  private void letter(String payload) {
    jdbc.update(
        """
        insert into dead_letter (consumer, topic, partition, "offset", payload, error, failed_at)
        values ('point-consumer', 'order.completed', 0, ?, ?, ?, now())
        """,
        System.nanoTime(),
        payload.getBytes(StandardCharsets.UTF_8),
        cause);
  }
}
