package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
public class HttpEdgesTest {

  private static final String ORDER =
      """
      {"customer":{"id":"c-1001","email":"minji@example.com","name":"김민지","locale":"ko"},
       "currency":"KRW",
       "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}]}
      """;

  @LocalServerPort private int port;
  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void answersAnOrderWith201() {
    Http.Response response = http.post("/api/orders", ORDER);

    assertThat(response.status()).as(response.raw().body()).isEqualTo(201);
    assertThat(response.header("Location"))
        .isEqualTo("/api/orders/" + response.json().path("orderId").asText());
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(response.header("Content-Length")).isNotEmpty();
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(response.json().path("total").asText()).isEqualTo("78000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "nope",
        "{\"a\":1,\"a\":2}",
        "{\"a\":NaN}",
        "{} {}",
        "{\"a\":\"\u0001\"}",
        "[1,]",
        "{'a':1}"
      })
  void refusesWhatIsNoJson(String body) {
    assertProblem(http.post("/api/orders", body), 400, "malformed-request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "1", "\"text\"", "{}", "{\"couponcode\":\"X\"}"})
  void refusesJsonThatIsNoOrder(String body) {
    Http.Response response = http.post("/api/orders", body);

    assertProblem(response, 422, "invalid-body");
    assertThat(response.json().path("errors")).isNotEmpty();
  }

  @Test
  void refusesNestingAndNumbersBeyondReason() {
    assertProblem(
        http.post("/api/orders", "[".repeat(5000) + "]".repeat(5000)), 422, "invalid-body");
    assertProblem(
        http.post("/api/orders", "{\"a\":" + "9".repeat(5000) + "}"), 422, "invalid-body");
    assertProblem(http.post("/api/orders", "{\"a\":1e99999999999}"), 422, "invalid-body");
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    byte[] latin = ORDER.replace("린넨", "ä").getBytes(StandardCharsets.ISO_8859_1);
    assertProblem(
        http.send(
            "POST",
            "/api/orders",
            BodyPublishers.ofByteArray(latin),
            "Content-Type",
            "application/json"),
        400,
        "malformed-request");
    assertProblem(
        http.send(
            "POST",
            "/api/orders",
            BodyPublishers.ofByteArray(ORDER.getBytes(StandardCharsets.UTF_16)),
            "Content-Type",
            "application/json"),
        400,
        "malformed-request");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/nothing,        404, not-found",
    "GET,    /api/orders/1/2/3,   404, not-found",
    "GET,    /error,              404, not-found",
    "GET,    /problems/nothing,   404, not-found",
    "PUT,    /api/orders,         405, method-not-allowed",
    "PATCH,  /api/orders,         405, method-not-allowed",
    "FOO,    /api/orders,         405, method-not-allowed",
    "TRACE,  /api/orders,         405, method-not-allowed",
    "TRACE,  /problems/not-found, 405, method-not-allowed",
  })
  void refusesWhatIsNotThere(String method, String path, int status, String type) {
    assertProblem(http.send(method, path, ""), status, type);
  }

  @Test
  void saysWhichMethodsAreAllowed() {
    assertThat(http.send("PUT", "/api/orders", "").header("Allow"))
        .isEqualTo("GET, HEAD, OPTIONS, POST");
    Http.Response options = http.send("OPTIONS", "/api/orders", BodyPublishers.noBody());
    assertThat(options.header("Allow")).contains("GET", "POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "application/json; charset=klingon",
        "application/x-java-serialized-object",
        "nonsense"
      })
  void refusesOtherMediaTypes(String type) {
    assertProblem(
        http.send("POST", "/api/orders", ORDER, "Content-Type", type),
        415,
        "unsupported-media-type");
  }

  @Test
  void refusesABodyWithoutMediaTypeOrWithAnotherEncoding() {
    assertProblem(http.send("POST", "/api/orders", ORDER), 415, "unsupported-media-type");
    Http.Response refused = http.post("/api/orders", ORDER, "Content-Encoding", "br");
    assertProblem(refused, 415, "unsupported-media-type");
    assertThat(refused.header("Accept-Encoding")).isEqualTo("gzip");
  }

  @Test
  void takesGzippedBodiesOfAtMostOneMebibyteUnpacked() {
    byte[] order = ORDER.getBytes(StandardCharsets.UTF_8);
    assertThat(packed(gzip(order)).status()).isEqualTo(201);
    assertProblem(packed(gzip(new byte[100 * 1024 * 1024])), 413, "body-too-large");
    assertProblem(packed(order), 400, "malformed-request");
    byte[] cutOff = Arrays.copyOf(gzip(order), 40);
    assertProblem(packed(cutOff), 400, "malformed-request");
  }

  private Http.Response packed(byte[] body) {
    return http.send(
        "POST",
        "/api/orders",
        BodyPublishers.ofByteArray(body),
        "Content-Type",
        "application/json",
        "Content-Encoding",
        "gzip");
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  @Test
  void passesOverAByteOrderMark() {
    assertThat(
            http.send(
                    "POST",
                    "/api/orders",
                    BodyPublishers.ofString("\uFEFF" + ORDER),
                    "Content-Type",
                    "application/json")
                .status())
        .isEqualTo(201);
  }

  @Test
  void aKeyInQuotesIsTheSameAsWithoutThem() {
    String key = UUID.randomUUID().toString();
    Http.Response first = http.post("/api/orders", ORDER, "Idempotency-Key", key);
    Http.Response quoted = http.post("/api/orders", ORDER, "Idempotency-Key", '"' + key + '"');

    assertThat(quoted.json()).isEqualTo(first.json());
    assertThat(quoted.header("Idempotent-Replayed")).isEqualTo("true");
    for (String none : List.of("\"\"", "\"a b\"")) {
      assertProblem(
          http.post("/api/orders", ORDER, "Idempotency-Key", none), 400, "malformed-request");
    }
  }

  @Test
  void anOrderIsSentAgainOnlyIfItHasChanged() {
    String order = http.post("/api/orders", ORDER.replace("c-1001", "c-tag")).header("Location");
    await()
        .until(
            () -> {
              String effects = http.get(order).json().path("effects").toString();
              return !effects.contains("PENDING");
            });
    String tag = http.get(order).header("ETag");

    assertThat(tag).matches("\"[0-9a-f]+\"");
    for (String known : List.of(tag, "\"a\", W/" + tag, "*")) {
      Http.Response unchanged = http.get(order, "If-None-Match", known);
      assertThat(unchanged.status()).isEqualTo(304);
      assertThat(unchanged.raw().body()).isEmpty();
      assertThat(unchanged.header("ETag")).isEqualTo(tag);
    }
    assertThat(http.get(order, "If-None-Match", "\"a\"").status()).isEqualTo(200);
  }

  @Test
  void saysHowManyWrongKeysMayFollow() {
    Http.Response refused = http.get("/api/orders", "Authorization", "Bearer wrong");

    assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"wrong-keys\";q=100000;w=60");
    assertThat(refused.header("RateLimit")).matches("\"wrong-keys\";r=[0-9]+;t=[0-9]+");
  }

  @Test
  void aPageOfAnAllowedOriginMayCallAndReadWhyACallFailed() {
    String preflight =
        http.raw(
            "OPTIONS /api/orders HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\n"
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers:"
                + " authorization,content-type,idempotency-key\r\nConnection: close\r\n\r\n");
    assertThat(preflight)
        .startsWith("HTTP/1.1 200")
        .contains("Access-Control-Allow-Origin: https://shop.example")
        .containsIgnoringCase("Access-Control-Allow-Headers: authorization")
        .contains("X-Request-Id: ");
    Http.Response failed =
        http.get("/api/orders", "Origin", "https://shop.example", "Authorization", "Bearer wrong");
    assertThat(failed.status()).isEqualTo(401);
    assertThat(failed.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
    assertThat(failed.header("Access-Control-Expose-Headers")).contains("RateLimit", "Location");
  }

  @Test
  void aPageOfAnotherOriginMayNot() {
    String preflight =
        http.raw(
            "OPTIONS /api/orders HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n"
                + "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
    assertThat(preflight).startsWith("HTTP/1.1 403").contains("/problems/forbidden");
    Http.Response call = http.get("/api/orders?limit=1", "Origin", "https://evil.example");
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void acceptsUtf8BySeveralNames() {
    for (String type :
        new String[] {"application/json;charset=UTF-8", "Application/JSON; charset=\"utf-8\""}) {
      assertThat(http.send("POST", "/api/orders", ORDER, "Content-Type", type).status())
          .isEqualTo(201);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=0, */*",
        "application/*;q=0, text/html, */*;q=0.1"
      })
  void refusesToAnswerInAnythingButJson(String accept) {
    assertProblem(http.post("/api/orders", ORDER, "Accept", accept), 406, "not-acceptable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html, application/*;q=0.1",
        "application/*;q=0, application/json",
        "text/html;q=0, */*;q=0.001"
      })
  void answersInJsonWhereThatWillDo(String accept) {
    assertThat(http.post("/api/orders", ORDER, "Accept", accept).status()).isEqualTo(201);
  }

  @Test
  void refusesBodiesOverOneMebibyte() {
    String fits = ORDER + " ".repeat(1024 * 1024 - ORDER.getBytes(StandardCharsets.UTF_8).length);
    assertThat(http.post("/api/orders", fits).status()).isEqualTo(201);
    assertProblem(http.post("/api/orders", fits + " "), 413, "body-too-large");
    byte[] large = (fits + " ").getBytes(StandardCharsets.UTF_8);
    assertProblem(
        http.send(
            "POST",
            "/api/orders",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
            "Content-Type",
            "application/json"),
        413,
        "body-too-large");
    assertProblem(http.post("/api/orders", " ".repeat(10 * 1024 * 1024)), 413, "body-too-large");
  }

  @Test
  void letsNoHeaderAndNoParameterThrough() {
    Http.Response response =
        http.post(
            "/api/orders?mail.smtp.host=evil&CamelHttpResponseCode=418&to=evil@example.com&kafka.TOPIC=evil",
            ORDER,
            "CamelHttpResponseCode",
            "418",
            "kafka.OVERRIDE_TOPIC",
            "evil",
            "subject",
            "evil",
            "Cookie",
            "a=b",
            "CamelJacksonUnmarshalType",
            "java.lang.String",
            "Location",
            "evil",
            "Idempotent-Replayed",
            "true");

    assertThat(response.status()).isEqualTo(201);
    assertThat(response.raw().headers().map().keySet())
        .map(name -> name.toLowerCase(Locale.ROOT))
        .noneMatch(name -> name.contains("camel") || name.contains("kafka"))
        .doesNotContain("idempotent-replayed", "subject", "cookie", "set-cookie", "to");
    assertThat(response.header("Location"))
        .isEqualTo("/api/orders/" + response.json().path("orderId").asText());
    assertThat(response.raw().headers().map().values().stream().flatMap(List::stream))
        .noneMatch(value -> value.contains("evil"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "schlüssel"})
  void refusesIdempotencyKeysThatAreNone(String key) {
    String answer =
        http.raw(
            "POST /api/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + OrderflowTest.API_KEY
                + "\r\nContent-Type: application/json\r\nIdempotency-Key: "
                + key
                + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("/problems/malformed-request");
  }

  @Test
  void refusesAnIdempotencyKeyGivenTwiceOrTooLong() {
    String longest = (UUID.randomUUID() + "a".repeat(255)).substring(0, 255);
    assertProblem(
        http.post("/api/orders", ORDER, "Idempotency-Key", "a", "Idempotency-Key", "b"),
        400,
        "malformed-request");
    assertProblem(
        http.post("/api/orders", ORDER, "Idempotency-Key", longest + "a"),
        400,
        "malformed-request");
    assertThat(http.post("/api/orders", ORDER, "Idempotency-Key", longest).status()).isEqualTo(201);
  }

  @Test
  void replaysTheFirstAnswerToTheSameKeyAndContent() {
    String key = UUID.randomUUID().toString();
    Http.Response first = http.post("/api/orders", ORDER, "Idempotency-Key", key);
    Http.Response second = http.post("/api/orders", ORDER, "Idempotency-Key", key);

    assertThat(second.status()).isEqualTo(201);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertProblem(
        http.post("/api/orders", ORDER.replace(":2", ":3"), "Idempotency-Key", key),
        422,
        "idempotency-key-reused");
  }

  @Test
  void saysWhyACouponCantBeUsed() {
    Http.Response response =
        http.post(
            "/api/orders", ORDER.replace("\"currency\"", "\"couponCode\":\"NO\",\"currency\""));

    assertProblem(response, 422, "coupon-not-redeemable");
    assertThat(response.json().path("reason").asText()).isEqualTo("UNKNOWN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "GET /api/orders/<script> HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + OrderflowTest.API_KEY
            + "\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        "GET /api/%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + OrderflowTest.API_KEY
            + "\r\nConnection: close\r\n\r\n",
        "GET /api/..;/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + OrderflowTest.API_KEY
            + "\r\nConnection: close\r\n\r\n",
        "GET /api/a%2Fb HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + OrderflowTest.API_KEY
            + "\r\nConnection: close\r\n\r\n",
        "POST /api/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + OrderflowTest.API_KEY
            + "\r\nTransfer-Encoding: nonsense\r\nConnection: close\r\n\r\n",
      })
  void tellsNothingOfTheServerInAnyAnswer(String request) {
    String answer = http.raw(request);

    assertThat(answer).startsWith("HTTP/1.1 ").contains("application/problem+json", "/problems/");
    assertThat(answer).doesNotContain("Tomcat", "Apache", "Exception", "<html", "Server:");
  }

  @Test
  void documentsEachProblem() {
    Http.Response page = http.get("/problems/coupon-not-redeemable");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.raw().body()).contains("OTHER_CUSTOMER");
  }

  public static void assertProblem(Http.Response response, int status, String type) {
    assertThat(response.status()).as(response.raw().body()).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.json().path("type").asText()).isEqualTo("/problems/" + type);
    assertThat(response.json().path("status").asInt()).isEqualTo(status);
    assertThat(response.json().path("title").asText()).isNotEmpty();
    assertThat(response.json().path("detail").asText()).isNotEmpty();
  }
}
