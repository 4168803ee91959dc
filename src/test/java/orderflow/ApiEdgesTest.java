package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Tries bad input on the running interface and holds the answers against docs/api-edges.md. */
@OrderflowTest
class ApiEdgesTest {

  private static final Path DOCUMENT = Path.of("docs/api-edges.md");
  private static final Path MADE = Path.of("target/api-edges.md");

  private static final String ORDER =
      """
      {"customer":{"id":"c-edges","email":"kim@example.com","name":"Kim"},"currency":"KRW",
       "items":[{"sku":"S","name":"N","quantity":1,"unitPrice":"100"}]}\
      """;

  /** One answer, after which the connection is closed, and of a problem its kind. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "HTTP/1\\.1 (\\d{3}) .*Connection: close\r\n.*?(?:\"type\":\"/problems/([a-z-]+)\".*)?",
          Pattern.DOTALL);

  @LocalServerPort private int port;
  private final StringBuilder table = new StringBuilder();

  @Test
  void answersBadInputAsItIsDocumented() throws IOException {
    table.append(
        """
        # Bad input and its answers

        Made by `ApiEdgesTest`, which tries each line on the running application and fails when an answer is not the one \
        below. `errors` are the JSON Pointers of the faults. Where a line says 201, it is the last value that is inside.
        """);

    section("Bodies that are no JSON: 400");
    body("empty", "");
    body("cut off", ORDER.substring(0, 40));
    body("a field twice", "{\"currency\":\"KRW\",\"currency\":\"USD\"}");
    body("`NaN`", order("\"100\"", "NaN"));
    body("`Infinity`", order("\"100\"", "Infinity"));
    body("`01`", order("\"100\"", "01"));
    body("`+1`", order("\"100\"", "+1"));
    body("two documents", ORDER + "{}");
    body("a trailing comma", "[1,]");
    body("a comment", "/* */" + ORDER);
    body("single quotes", "{'a':1}");
    body("a raw control character in a text", order("Kim", "a\u0001"));

    section("Bodies that break rules: 422");
    body("`null`", "null");
    body("a list", "[]");
    body("nothing in it", "{}");
    body("nested 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000));
    body("a number of 5,000 digits", order("\"100\"", "9".repeat(5000)));
    body("a number `1e99999999999`", order("\"100\"", "1e99999999999"));
    body("an unknown field", order("\"currency\"", "\"couponcode\":\"X\",\"currency\""));
    body(
        "`orderRef`, which is for files", order("\"currency\"", "\"orderRef\":\"1\",\"currency\""));
    body(
        "several faults at once",
        order("\"KRW\"", "\"won\"").replace("\"Kim\"", "\"\"").replace(":1,", ":0,"));

    section("Customers' ids");
    body("255 characters", order("c-edges", "a".repeat(255)));
    body("256 characters", order("c-edges", "a".repeat(256)));
    body("an address", order("c-edges", "gid://shop/Customer/7?a=%20"));
    body("a blank", order("c-edges", "a b"));
    body("letters beyond ASCII", order("c-edges", "김"));
    body("a line break", order("c-edges", "a\\r\\nb"));
    body("SQL", order("c-edges", "'; drop table orders; --"));
    body("a path", order("c-edges", "../../etc/passwd"));
    body("a number", order("\"c-edges\"", "5"));

    section("Articles, coupons and order numbers");
    body("a SKU of any script", order("\"sku\":\"S\"", "\"sku\":\" 티셔츠/블랙 (L) \""));
    body("a SKU of 101 characters", order("\"sku\":\"S\"", "\"sku\":\"" + "가".repeat(101) + "\""));
    body("a SKU with a control character", order("\"sku\":\"S\"", "\"sku\":\"a\\u0007\""));
    body("no SKU", order("\"sku\":\"S\",", ""));
    body("a coupon's code with a blank", order("\"Kim\"}", "\"Kim\"},\"couponCode\":\"TEN OFF\""));
    body("an order number", order("\"Kim\"}", "\"Kim\"},\"orderNumber\":\"#1001\""));
    body(
        "an order number of 41 characters",
        order("\"Kim\"}", "\"Kim\"},\"orderNumber\":\"" + "1".repeat(41) + "\""));

    section("What another system has settled");
    body("a discount and a charge", settled("[%s]", "[%s]"));
    body("20 charges", settled("", "[" + "%1$s,".repeat(19) + "%1$s]"));
    body("21 charges", settled("", "[" + "%1$s,".repeat(20) + "%1$s]"));
    body("an amount of 0", settled("", "[{\"label\":\"Tax\",\"amount\":\"0\"}]"));
    body("no label", settled("", "[{\"amount\":\"1\"}]"));
    body("discounts over the subtotal", settled("[{\"label\":\"Sale\",\"amount\":101}]", ""));
    body("empty ones, which are none", settled("[]", "null"));

    section("Names");
    body("200 characters beyond the basic plane", order("Kim", "😀".repeat(200)));
    body("201 characters", order("Kim", "가".repeat(201)));
    body("`\\u0000`", order("Kim", "a\\u0000"));
    body("half a surrogate pair", order("Kim", "\\ud800"));
    body("a tab", order("Kim", "a\\tb"));
    body("HTML and template code, taken as text", order("Kim", "<b>${7*7}</b>"));

    section("Phone numbers");
    body("40 characters", order("\"Kim\"", "\"Kim\",\"phone\":\"" + "1".repeat(40) + "\""));
    body("41 characters", order("\"Kim\"", "\"Kim\",\"phone\":\"" + "1".repeat(41) + "\""));
    body("signs and blanks", order("\"Kim\"", "\"Kim\",\"phone\":\"+82 (0)2/12.34-56\""));
    body("letters", order("\"Kim\"", "\"Kim\",\"phone\":\"call me\""));
    body("an empty one, which is none", order("\"Kim\"", "\"Kim\",\"phone\":\"\""));
    body("a JSON number", order("\"Kim\"", "\"Kim\",\"phone\":821012345678"));

    section("E-mail addresses");
    body("64 characters before the @", order("kim@", "a".repeat(64) + "@"));
    body("65 characters before the @", order("kim@", "a".repeat(65) + "@"));
    body("a quoted local part", order("kim@example.com", "\\\"a b\\\"@example.com"));
    body("an IPv6 literal", order("kim@example.com", "a@[IPv6:2001:db8::1]"));
    body("an IPv6 literal that is none", order("kim@example.com", "a@[IPv6::::::]"));
    body("with a display name", order("kim@example.com", "Kim <kim@example.com>"));
    body("two addresses", order("kim@example.com", "a@example.com, b@example.com"));
    body("a header after it", order("kim@example.com", "a@example.com\\r\\nBcc: b@example.com"));
    body("two dots in a row, and one before the @", order("kim@", "a..b.@"));
    body("a dot at the beginning", order("kim@", ".a@"));
    body("none, for an order that is not mailed", order("\"kim@example.com\"", "null"));
    body("a domain beyond ASCII", order("kim@example.com", "a@예시.한국"));

    section("Languages and currencies");
    body("`zh-Hant-TW`", order("\"Kim\"", "\"Kim\",\"locale\":\"zh-Hant-TW\""));
    body("`ko_KR`", order("\"Kim\"", "\"Kim\",\"locale\":\"ko_KR\""));
    body("an empty language, which is none", order("\"Kim\"", "\"Kim\",\"locale\":\"\""));
    body("`krw`", order("KRW", "krw"));
    body("`XAU`, which has no smallest unit", order("KRW", "XAU"));
    body("`BHD` with 3 decimals", order("KRW", "BHD").replace("\"100\"", "\"1.234\""));
    body("`BHD` with 4 decimals", order("KRW", "BHD").replace("\"100\"", "\"1.2345\""));

    section("Prices and quantities");
    body("`\"0\"`", order("\"100\"", "\"0\""));
    body("`\"-1\"`", order("\"100\"", "\"-1\""));
    body("`\"100.00\"` KRW", order("\"100\"", "\"100.00\""));
    body("`\"1.5\"` KRW", order("\"100\"", "\"1.5\""));
    body("`1e3`, a JSON number", order("\"100\"", "1e3"));
    body("`\"1e3\"`, a text", order("\"100\"", "\"1e3\""));
    body("`\"+1\"`", order("\"100\"", "\"+1\""));
    body("`1e400`", order("\"100\"", "1e400"));
    body("`1e-400`", order("\"100\"", "1e-400"));
    body("`true`", order("\"100\"", "true"));
    body("quantity 9,999", order(":1,", ":9999,"));
    body("quantity 10,000", order(":1,", ":10000,"));
    body("quantity 1.5", order(":1,", ":1.5,"));
    body("quantity `\"1\"`", order(":1,", ":\"1\","));
    body("quantity 18446744073709551617", order(":1,", ":18446744073709551617,"));
    body("201 items", "{\"items\":[" + "{},".repeat(200) + "{}]}");

    section("Headers");
    headers("`Content-Type: text/plain`", "Content-Type", "text/plain");
    headers("another charset", "Content-Type", "application/json; charset=iso-8859-1");
    headers("`Content-Encoding: br`", "Content-Encoding", "br");
    headers("`Content-Encoding: gzip` of what is not", "Content-Encoding", "gzip");
    headers("`Accept: text/html`", "Accept", "text/html");
    headers("`Accept: application/json;q=0, */*`", "Accept", "application/json;q=0, */*");
    headers("an Idempotency-Key of 255 characters", "Idempotency-Key", "k".repeat(255));
    headers("an Idempotency-Key of 256 characters", "Idempotency-Key", "k".repeat(256));
    headers("an Idempotency-Key in quotation marks", "Idempotency-Key", "\"edges\"");
    headers("an Idempotency-Key with a blank", "Idempotency-Key", "a b");
    headers("a body over 1 MiB", null, null);

    section("The framing of bodies, after which the connection is closed");
    framing("a chunk size `ZZ`", chunked("ZZ\r\n"));
    framing("a chunk size `-1`", chunked("-1\r\n"));
    framing("a chunk size of nine digits", chunked("000000001\r\n"));
    framing("a chunk without a size", chunked("\r\n"));
    framing("a chunk longer than it says", chunked("1\r\n{}\r\n0\r\n\r\n"));
    framing("a chunk that is cut off", chunked("9\r\n{}"));
    framing("no last chunk", chunked("2\r\n{}\r\n"));
    framing("no line end after the last chunk", chunked("2\r\n{}\r\n0\r\n"));
    framing("a chunk extension of 100 KB", chunked("2;" + "x".repeat(100_000) + "\r\n{}\r\n"));
    framing("a trailer that is none", chunked("2\r\n{}\r\n0\r\nnone\r\n\r\n"));
    framing("another `Transfer-Encoding`", "Transfer-Encoding: nonsense\r\n\r\n{}");
    framing("a body shorter than its `Content-Length`", "Content-Length: 3\r\n\r\n{}");
    framing("`Content-Length: -1`", "Content-Length: -1\r\n\r\n{}");
    framing("`Content-Length: 2, 3`", "Content-Length: 2, 3\r\n\r\n{}");
    framing("two `Content-Length`s", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}");
    framing(
        "a `Content-Length` beside chunks, which count",
        "Content-Length: 2\r\n"
            + chunked("%x\r\n%s\r\n0\r\n\r\n".formatted(ORDER.length(), ORDER)));

    section("Addresses, methods and queries");
    call("GET", "/api/nothing");
    call("GET", "/api/orders/nonsense");
    call("GET", "/api/orders/%25s");
    call("GET", "/api/coupons/%25s");
    call("GET", "/api/customers/%25s/points");
    call("GET", "/api/customers/a%2Fb/points");
    call("GET", "/api/customers/a%3Ab/points");
    call("GET", "/api/customers/a%253Ab/points");
    call("GET", "/api/customers/a%3Bb/points");
    call("GET", "/api/customers/a;b/points");
    call("GET", "/api/customers/a/points?cursor=nonsense");
    call("PUT", "/api/orders");
    call("TRACE", "/api/orders");
    call("GET", "/api/orders?limit=0");
    call("GET", "/api/orders?limit=201");
    call("GET", "/api/orders?limit=200");
    call("GET", "/api/orders?from=2026-11-22");
    call("GET", "/api/orders?from=2026-02-30T00:00:00Z");
    call("GET", "/api/orders?customer=c-1");
    call("GET", "/api/orders?cursor=nonsense");
    call("GET", "/api/orders?limit=1&limit=2");
    call("GET", "/api/dead-letters?state=waiting");
    call("POST", "/api/dead-letters/replay");
    call("POST", "/api/dead-letters/replay?consumer=point-consumer&rate=0");
    call("POST", "/api/dead-letters/replay?consumer=point-consumer&rate=fast");
    call("PUT", "/api/dead-letters/0/payload");
    call("POST", "/api/dead-letters/0/preview");
    call("GET", "/api/operations?state=ENDED");
    call("GET", "/api/operations/0");
    call("POST", "/api/operations/x/pause");

    Files.writeString(MADE, table);
    assertThat(MADE)
        .as("if the new answers are right: cp %s %s", MADE, DOCUMENT)
        .hasSameTextualContentAs(DOCUMENT);
  }

  /** An order with such lists, in which %s stands for an amount. */
  private static String settled(String discounts, String charges) {
    String amount = "{\"label\":\"Sale\",\"amount\":\"1\"}";
    String lists =
        (discounts.isEmpty() ? "" : "\"discounts\":" + discounts + ",")
            + (charges.isEmpty() ? "" : "\"charges\":" + charges + ",");
    return order("\"currency\"", lists.replaceAll("%(1\\$)?s", amount) + "\"currency\"");
  }

  private void section(String title) {
    table
        .append("\n## ")
        .append(title)
        .append("\n\n| input | status | problem | errors |\n|---|---|---|---|\n");
  }

  private void body(String input, String body) {
    row(input, new Http(port).post("/api/orders", body));
  }

  private void headers(String input, String name, String value) {
    Http http = new Http(port);
    if (name == null) {
      row(input, http.post("/api/orders", ORDER + " ".repeat(1024 * 1024)));
    } else if (name.equals("Content-Type")) {
      row(input, http.send("POST", "/api/orders", ORDER, name, value));
    } else {
      row(input, http.post("/api/orders", ORDER, name, value));
    }
  }

  private void framing(String input, String rest) {
    String answer =
        new Http(port)
            .raw(
                "POST /api/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + OrderflowTest.API_KEY
                    + "\r\nContent-Type: application/json\r\n"
                    + rest);
    Matcher told = ANSWER.matcher(answer);
    assertThat(told.matches()).as(answer).isTrue();
    row(input, Integer.parseInt(told.group(1)), Objects.requireNonNullElse(told.group(2), ""), "");
  }

  private static String chunked(String chunks) {
    return "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  }

  private void call(String method, String path) {
    row(
        "`" + method + " " + path + "`",
        new Http(port).send(method, path, BodyPublishers.noBody()));
  }

  private void row(String input, Http.Response answer) {
    boolean problem = answer.status() >= 400;
    String errors =
        String.join(
            " ",
            problem
                ? answer.json().path("errors").findValuesAsText("pointer").stream()
                    .limit(5)
                    .map(pointer -> pointer.isEmpty() ? "the whole" : "`" + pointer + "`")
                    .toList()
                : java.util.List.of());
    String type = problem ? answer.json().path("type").asText().replace("/problems/", "") : "";
    row(input, answer.status(), type, errors);
  }

  private void row(String input, int status, String problem, String errors) {
    table.append("| %s | %s | %s | %s |\n".formatted(input, status, problem, errors));
  }

  private static String order(String part, String other) {
    assertThat(ORDER).contains(part);
    return ORDER.replace(part, other);
  }
}
