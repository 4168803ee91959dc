package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import orderflow.Http;
import orderflow.OpenApi;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Every call of the document, with path segments and queries that no sensible client sends. */
@OrderflowTest
class NastyAddressesTest {

  private static final List<String> SEGMENTS =
      List.of(
          "%25s",
          "%25",
          "%2525",
          "%25%25",
          "%2500",
          "%00",
          "a%00b",
          "%0A",
          "%0D%0ASet-Cookie:x=y",
          "%09",
          "%20",
          "%7F",
          "%C3%A4",
          "%ff",
          "%c0%af",
          "%ed%a0%80",
          "%f4%90%80%80",
          "%e2%80%8f",
          "%EF%BF%BF",
          "%F0%9F%98%80",
          "%u0041",
          "%",
          "%2",
          "%zz",
          "a%2Fb",
          "%2F",
          "%2F%2F",
          "%2e%2e%2Fapi%2Forders",
          "%252F",
          "%252e%252e",
          "a%5Cb",
          "%5C",
          "%255C",
          "..",
          ".",
          "%2e",
          "%2e%2e",
          "..%2f..%2fetc%2fpasswd",
          "..;",
          ";",
          ";a=b",
          "a;b=c",
          "a;b=%25s",
          "a;%zz",
          "a%3Bb",
          "%3B",
          "a%3Fb",
          "a%23b",
          "a+b",
          "%2B",
          "a&b=c",
          "$%7Bjndi:ldap:x%7D",
          "%24%7B7*7%7D",
          "%7B%7D",
          "{}",
          "*",
          "**",
          "'",
          "%27%20or%201=1--",
          "%22",
          "%3Cscript%3E",
          "<script>",
          "%s%d%n",
          "-1",
          "0",
          "9223372036854775807",
          "9223372036854775808",
          "1e9",
          "0x10",
          "%D9%A3",
          "0-0-0-0-0",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "null",
          "a".repeat(255),
          "a".repeat(5_000),
          "%25".repeat(1_000));

  private static final List<String> CURSORS =
      List.of(
          "",
          "x",
          "%25s",
          "%00",
          "%ff",
          "%zz",
          "a%2Fb",
          "====",
          "-",
          encoded(""),
          encoded("0"),
          encoded("-1"),
          encoded("99999999999999999999"),
          encoded("1 or 1=1"),
          encoded("null"),
          encoded("\0"),
          encoded("0-0-0-0-0"),
          encoded("1-1-1-1-1/"),
          encoded("/"),
          encoded("2026-01-01T00:00:00Z/0-0-0-0-0"),
          encoded("-999999999-01-01T00:00:00Z/00000000-0000-0000-0000-000000000000"),
          encoded("+1000000000-12-31T23:59:59.999999999Z/00000000-0000-0000-0000-000000000000"),
          encoded("+294277-01-01T00:00:00Z/00000000-0000-0000-0000-000000000000"),
          encoded("+١٢٣"),
          encoded("９"),
          "A".repeat(5_000));

  private static final List<String> LIMITS =
      List.of("", "0", "-1", "201", "1.5", "1e2", "+1", "%20", "%D9%A3", "9".repeat(400), "%00");

  private static final List<String> METHODS = List.of("get", "post", "delete", "patch", "put");

  @LocalServerPort private int port;
  private final List<String> faults = new ArrayList<>();

  @Test
  void areAnsweredWithAProblemOrAsTheyAreMeant() {
    for (Map.Entry<String, JsonNode> path :
        OpenApi.read("/static/openapi.yaml").path("paths").properties()) {
      for (String method : METHODS) {
        if (path.getValue().has(method)) {
          tryAll(method.toUpperCase(), path.getKey());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** A slash within an id reaches its route, which may know a customer of that name. */
  @Test
  void areDecodedOnce() {
    Http http = new Http(port);

    assertThat(http.get("/api/customers/a%3Ab/points").json().path("customerId").asText())
        .isEqualTo("a:b");
    assertThat(http.get("/api/customers/%61%2D1/points").json().path("customerId").asText())
        .isEqualTo("a-1");
    Map.of(
            "a%2Fb",
            "a/b",
            "a%5Cb",
            "a\\b",
            "a%3Bb",
            "a;b",
            "a%253Ab",
            "a%3Ab",
            "a%25",
            "a%",
            "gid%3A%2F%2Fshop%2F1",
            "gid://shop/1")
        .forEach(
            (sent, meant) ->
                assertThat(
                        http.get("/api/customers/" + sent + "/points")
                            .json()
                            .path("customerId")
                            .asText())
                    .isEqualTo(meant));
    for (String none : List.of("%C3%A4", "a%20b")) {
      assertThat(http.get("/api/customers/" + none + "/points").status()).as(none).isEqualTo(404);
    }
  }

  @Test
  void findNothingWithACursorThatIsNone() {
    for (String list :
        List.of(
            "/api/orders", "/api/dead-letters", "/api/imports", "/api/customers/c-nasty/points")) {
      for (String cursor : CURSORS) {
        String target = list + "?cursor=" + cursor;
        String answer = answer("GET", target);
        if (!answer.startsWith("HTTP/1.1 400 ") && !isAPlace(list, cursor)) {
          faults.add(target + " -> " + answer.lines().findFirst().orElse(""));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Numbers that an entry may have had, though no client has been given them. */
  private static boolean isAPlace(String list, String cursor) {
    return !list.endsWith("/points")
        && !list.endsWith("/orders")
        && List.of(encoded("0"), encoded("-1")).contains(cursor);
  }

  private void tryAll(String method, String path) {
    boolean erases = method.equals("DELETE");
    if (path.contains("{")) {
      for (String segment : SEGMENTS) {
        check(method, path.replaceAll("\\{[^}]*}", segment.replace("$", "\\$")));
      }
    }
    String plain = path.replaceAll("\\{[^}]*}", erases ? "c-nasty" : "nothing");
    if (path.equals("/api/orders")) {
      for (String segment : SEGMENTS) {
        check(method, plain + "/" + segment);
        check(method, plain + ";" + segment);
        check(method, plain + "?" + segment);
        check(method, "/" + segment + plain);
      }
    }
    // What is no list reads none of these: a few will do.
    boolean lists = method.equals("GET");
    for (String cursor : lists ? CURSORS : CURSORS.subList(0, 4)) {
      check(method, plain + "?cursor=" + cursor);
    }
    for (String limit : lists ? LIMITS : LIMITS.subList(0, 4)) {
      check(method, plain + "?limit=" + limit);
    }
  }

  private void check(String method, String target) {
    String answer = answer(method, target);
    boolean isProblem = answer.contains("\r\nContent-Type: application/problem+json\r\n");
    boolean isFine =
        answer.startsWith("HTTP/1.1 2")
            || answer.startsWith("HTTP/1.1 3") && !target.startsWith("/api")
            || answer.startsWith("HTTP/1.1 4") && isProblem;
    if (!isFine || answer.contains("Set-Cookie")) {
      faults.add(method + " " + target + " -> " + answer.lines().findFirst().orElse("nothing"));
    }
  }

  private String answer(String method, String target) {
    return new Http(port)
        .raw(
            method
                + " "
                + target
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + OrderflowTest.API_KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
