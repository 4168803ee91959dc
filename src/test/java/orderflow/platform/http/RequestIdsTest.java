package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/** By what name a client and an operator speak of the same request. */
@OrderflowTest
@ExtendWith(OutputCaptureExtension.class)
class RequestIdsTest {

  private static final String COUPON =
      "{\"code\":\"request-id-fails\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}";

  @LocalServerPort private int port;
  @Autowired private JdbcTemplate jdbc;

  @AfterEach
  void mend() {
    jdbc.execute("drop trigger if exists request_id_fails on coupon");
    jdbc.execute("drop function if exists request_id_fails()");
  }

  @Test
  void areInEveryAnswer() {
    Http http = new Http(port);
    List<Http.Response> answers =
        List.of(
            http.get("/api/orders"),
            http.get("/api/orders/none"),
            http.post("/api/orders", "{}"),
            http.get("/api/orders", "Authorization", "Bearer wrong"),
            http.send("PUT", "/api/orders", "{}"),
            http.get("/openapi.yaml"),
            http.get("/actuator/health"),
            http.send(
                "DELETE", "/api/customers/c-request-id/personal-data", BodyPublishers.noBody()));

    assertThat(answers).allMatch(answer -> answer.header("X-Request-Id").matches("[0-9a-z]{24}"));
    assertThat(answers.stream().map(answer -> answer.header("X-Request-Id")))
        .doesNotHaveDuplicates();
    for (Http.Response answer : answers) {
      if (answer.status() >= 400) {
        assertThat(answer.json().path("requestId").asText())
            .isEqualTo(answer.header("X-Request-Id"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "GET /api/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        "POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"
      })
  void areInWhatTheServerItselfRefuses(String request) {
    assertThat(new Http(port).raw(request))
        .contains("\r\nX-Request-Id: ")
        .contains("\"requestId\":\"");
  }

  @Test
  void areTheClientsOwnWhereItSendsOne() {
    Http.Response answer =
        new Http(port).get("/api/orders/none", "X-Request-Id", "shop-7/2026-11-28:1_a.b");

    assertThat(answer.header("X-Request-Id")).isEqualTo("shop-7/2026-11-28:1_a.b");
    assertThat(answer.json().path("requestId").asText()).isEqualTo("shop-7/2026-11-28:1_a.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "<b>", "\"", "kim@example.com", "%0A", "${jndi:x}", "é"})
  void areMadeWhereTheClientsCouldSpoilALogLine(String sent) {
    String answer =
        new Http(port)
            .raw(
                "GET /liveness HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: "
                    + sent
                    + "\r\n\r\n");

    assertThat(answer).containsPattern("X-Request-Id: [0-9a-z]{24}\r\n");
    assertThat(
            new Http(port)
                .get("/api/orders", "X-Request-Id", "x".repeat(129))
                .header("X-Request-Id"))
        .hasSize(24);
  }

  @Test
  void leadFromAnInternalErrorToItsLogLine(CapturedOutput log) {
    jdbc.execute(
        """
        create function request_id_fails() returns trigger language plpgsql as
        $$ begin raise exception 'out of order' using errcode = '23514'; end $$""");
    jdbc.execute(
        """
        create trigger request_id_fails before insert on coupon for each row
        when (new.code = 'request-id-fails') execute function request_id_fails()""");

    Http.Response answer =
        new Http(port)
            .send(
                "POST",
                "/api/coupons",
                BodyPublishers.ofString(COUPON),
                "Content-Type",
                "application/json",
                "X-Request-Id",
                "find-me-in-the-log");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.json().path("requestId").asText()).isEqualTo("find-me-in-the-log");
    assertThat(log.toString().lines().filter(line -> line.contains("[find-me-in-the-log]")))
        .singleElement()
        .asString()
        .contains("A request failed");
  }
}
