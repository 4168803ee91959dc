package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Over a bare socket, because an HTTP client tidies up the very paths this is about. */
@OrderflowTest
class AccessFilterTest {

  private static final String KEY = "Authorization: Bearer " + OrderflowTest.API_KEY;

  @LocalServerPort int port;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api/orders",
        "/api/nothing-there",
        "/api?x",
        "/API/orders",
        "//api/orders",
        "/api;x/orders",
        "/;x/api/orders",
        "/%61pi/orders",
        "/./api/orders",
        "/actuator/../api/orders",
        "/actuator/..;/api/orders",
        "/mailbox/%2e%2e/api/orders",
        "/api/../actuator/health",
        "/actuator%2F..%2Fapi/orders/../../api/orders",
        "/api/a%2Fb%5Cc"
      })
  void nothingBelowApiPassesWithoutTheKey(String path) throws Exception {
    assertThat(answer("GET", path, "")).startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"})
  void noMethodPassesWithoutTheKey(String method) throws Exception {
    assertThat(answer(method, "/api/orders", "")).startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer wrong",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Basic " + OrderflowTest.API_KEY,
        "Authorization: " + OrderflowTest.API_KEY,
        "Authorization: Bearer " + OrderflowTest.API_KEY + "x",
        "Authorization: Bearer A-KEY-THAT-IS-FOR-TESTS-ONLY"
      })
  void aWrongKeyIsNoKey(String header) throws Exception {
    assertThat(answer("GET", "/api/nothing-there", header)).startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        KEY,
        "authorization: bearer " + OrderflowTest.API_KEY,
        "Authorization: BEARER  " + OrderflowTest.API_KEY
      })
  void theKeyPasses(String header) throws Exception {
    assertThat(answer("GET", "/api/nothing-there", header)).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void theRefusalIsAProblemDetail() throws Exception {
    assertThat(answer("GET", "/api/orders", ""))
        .contains("WWW-Authenticate: Bearer\r\n")
        .contains("Content-Type: application/problem+json")
        .contains(
            "\"type\":\"/problems/unauthorized\"",
            "\"title\":\"Unauthorized\"",
            "\"status\":401",
            "\"detail\":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/health",
        "/actuator/health/readiness",
        "/actuator/health/liveness",
        "/readiness",
        "/liveness",
        "/actuator/prometheus"
      })
  void probesNeedNoKey(String path) throws Exception {
    assertThat(answer("GET", path, "")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aWrongKeyIsToldFromAMissingOne() throws Exception {
    assertThat(answer("GET", "/api/orders", "Authorization: Bearer wrong"))
        .contains("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: http",
        "x-forwarded-host: localhost",
        "X-Real-IP: 127.0.0.1",
        "Via: 1.1 proxy",
        "Forwarded: for=192.0.2.1",
        "Host: evil.example"
      })
  void whatAProxyOrAStrangeNameAsksForIsNotShownWithoutAnOperatorsKey(String header)
      throws Exception {
    for (String path :
        new String[] {
          "/actuator/prometheus",
          "/actuator",
          "/actuator/health/../prometheus",
          "/mailbox",
          "/mailbox/1/html",
          "/%6dailbox"
        }) {
      assertThat(answer("GET", path, header)).as(path).startsWith("HTTP/1.1 401 ");
    }
    assertThat(answer("GET", "/mailbox", header + "\r\n" + KEY)).startsWith("HTTP/1.1 200 ");
    assertThat(answer("GET", "/actuator/health", header)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void theActuatorShowsHealthAndMetricsAlone() throws Exception {
    assertThat(answer("GET", "/actuator", KEY))
        .contains("\"health\"", "\"prometheus\"")
        .doesNotContain("\"env\"", "\"beans\"", "\"sbom\"", "\"loggers\"", "\"heapdump\"");
    assertThat(answer("GET", "/actuator/env", KEY)).startsWith("HTTP/1.1 404 ");
  }

  private String answer(String method, String path, String header) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      OutputStream out = socket.getOutputStream();
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nConnection: close\r\n"
              + (header.startsWith("Host:") ? "" : "Host: localhost\r\n")
              + (header.isEmpty() ? "" : header + "\r\n")
              + "\r\n";
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
