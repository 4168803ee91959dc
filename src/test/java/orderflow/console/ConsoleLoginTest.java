package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.security.NewKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class ConsoleLoginTest {

  private static final String SESSION = "orderflow-console";

  @LocalServerPort int port;

  @Value("${orderflow.security.keys-file}")
  Path keys;

  @AfterEach
  void takeTheKeysAway() throws IOException {
    Files.writeString(keys, "# none\n");
  }

  @Test
  void theRootLeadsToTheConsoleAndThatToTheLogin() {
    var visitor = new Visitor(port);

    Visitor.Page root = visitor.get("/");
    Visitor.Page console = visitor.get("/console");
    Visitor.Page login = visitor.get("/console/login");

    assertThat(root.status()).isEqualTo(303);
    assertThat(root.location()).isEqualTo("/console");
    assertThat(console.status()).isEqualTo(303);
    assertThat(console.location()).isEqualTo("/console/login");
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.body()).contains("<form", "type=\"password\"", "<h1>Log in</h1>");
    assertThat(login.header("Content-Security-Policy")).contains("default-src 'none'");
  }

  @Test
  void aLoginLeadsBackToThePageThatWasWanted() {
    var visitor = new Visitor(port);

    String next = visitor.get("/console/orders?customerId=c-1").location();
    assertThat(next).isEqualTo("/console/login?next=%2Fconsole%2Forders%3FcustomerId%3Dc-1");
    assertThat(visitor.get(next).body()).contains("value=\"/console/orders?customerId=c-1\"");
    Visitor.Page done =
        visitor.post(
            "/console/login",
            Map.of("key", OrderflowTest.API_KEY, "next", "/console/orders?customerId=c-1"));

    assertThat(done.status()).isEqualTo(303);
    assertThat(done.location()).isEqualTo("/console/orders?customerId=c-1");
    assertThat(done.header("Set-Cookie"))
        .contains("Path=/console", "HttpOnly", "SameSite=Strict", "Max-Age=28800");
    assertThat(visitor.get("/console/orders").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example",
        "/console.evil.example",
        "/console\\@evil",
        "/api/orders",
        "/console/logout",
        "/console/\r\nSet-Cookie: a=b"
      })
  void aLoginLeadsNowhereElse(String next) {
    Visitor.Page done =
        new Visitor(port)
            .post("/console/login", Map.of("key", OrderflowTest.API_KEY, "next", next));

    assertThat(done.location()).isEqualTo("/console");
  }

  @Test
  void aWrongKeyIsRefusedWithAClearSentence() {
    var visitor = new Visitor(port);

    Visitor.Page page = visitor.post("/console/login", Map.of("key", "wrong"));

    assertThat(page.status()).isEqualTo(401);
    assertThat(page.body()).contains("No key is like this one");
    assertThat(visitor.cookie(SESSION)).isEmpty();
  }

  @Test
  void aKeyInTheHeaderNeedsNoLogin() {
    var visitor = new Visitor(port);
    String code = "HEADER-" + UUID.randomUUID();
    String key = "Bearer " + OrderflowTest.API_KEY;

    assertThat(visitor.get("/console", "Authorization", key).status()).isEqualTo(200);
    assertThat(visitor.get("/console", "Authorization", "Bearer wrong").status()).isEqualTo(401);
    Visitor.Page made =
        visitor.post(
            "/console/coupons",
            Map.of("code", code, "type", "PERCENT", "value", "10"),
            "Authorization",
            key);
    assertThat(made.status()).isEqualTo(303);
    assertThat(visitor.cookie(SESSION)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "%%%"})
  void aForgedCookieIsNoSession(String cookie) {
    var visitor = new Visitor(port);
    visitor.keep(SESSION, cookie);

    assertThat(visitor.get("/console/orders").status()).isEqualTo(303);
  }

  @Test
  void aCookieWithOneOtherBitIsNoSession() {
    Visitor visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
    String cookie = visitor.cookie(SESSION);
    char first = cookie.charAt(0);
    visitor.keep(SESSION, (first == 'A' ? 'B' : 'A') + cookie.substring(1));

    assertThat(visitor.get("/console/orders").status()).isEqualTo(303);
  }

  @Test
  void aSessionEndsWithTheLogout() {
    Visitor visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
    String cookie = visitor.cookie(SESSION);

    assertThat(visitor.submit("/console/logout", Map.of()).status()).isEqualTo(303);
    visitor.keep(SESSION, cookie);

    assertThat(visitor.get("/console/orders").status()).isEqualTo(303);
  }

  @Test
  void aSessionEndsWhenTheLineOfItsKeyIsRemoved() throws IOException {
    Visitor visitor = Visitor.withKey(port, key("desk", "operator"));
    assertThat(visitor.get("/console/audit").body()).contains("desk");

    Files.writeString(keys, "# none\n");

    await().until(() -> visitor.get("/console/audit").status() == 303);
  }

  @Test
  void whatWasTypedIsKeptWhenTheSessionIsOver() {
    String code = "KEPT-" + UUID.randomUUID();
    var visitor = new Visitor(port);
    Map<String, String> form = Map.of("code", code, "type", "PERCENT", "value", "10");

    Visitor.Page over = visitor.post("/console/coupons", form);
    assertThat(over.status()).isEqualTo(401);
    assertThat(over.body()).contains("name=\"kept.code\" value=\"" + code);
    Visitor.Page again =
        visitor.post(
            "/console/login",
            Map.of(
                "key", OrderflowTest.API_KEY,
                "next", "/console/coupons",
                "kept.code", code,
                "kept.type", "PERCENT",
                "kept.value", "10"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).contains("action=\"/console/coupons\"", code);
    Visitor.Page sent = visitor.submit("/console/coupons", form);

    assertThat(sent.location()).isEqualTo("/console/coupons/" + code + "?done=made");
  }

  @Test
  void nothingIsDoneWithoutTheTokenOfAForm() {
    Visitor visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
    String code = "CSRF-" + UUID.randomUUID();
    Map<String, String> form = Map.of("code", code, "type", "PERCENT", "value", "10");

    assertThat(visitor.post("/console/coupons", form).status()).isEqualTo(403);
    assertThat(
            visitor
                .post(
                    "/console/coupons",
                    Map.of("code", code, "type", "PERCENT", "value", "10", "csrf", "wrong"))
                .status())
        .isEqualTo(403);
    assertThat(new Http(port).get("/api/coupons/" + code).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none"})
  void nothingIsDoneForAFormOfAnotherSite(String site) {
    Visitor visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
    String code = "SITE-" + UUID.randomUUID();

    Visitor.Page page =
        visitor.submit(
            "/console/coupons",
            Map.of("code", code, "type", "PERCENT", "value", "10"),
            "Sec-Fetch-Site",
            site);

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body()).doesNotContain(code);
    assertThat(new Http(port).get("/api/coupons/" + code).status()).isEqualTo(404);
  }

  @Test
  void aLinkOfAnotherSiteAsksOnceMoreFromHere() {
    Visitor.Page page =
        new Visitor(port).get("/console/orders?number=7", "Sec-Fetch-Site", "cross-site");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("http-equiv=\"refresh\" content=\"0;url=/console/orders?number=7\"");
  }

  @Test
  void eachRoleSeesAndDoesWhatTheApiAllowsIt() throws IOException {
    Visitor orders = Visitor.withKey(port, key("shop", "orders"));
    Visitor coupons = Visitor.withKey(port, key("marketing", "coupons"));

    assertThat(orders.get("/console/orders").status()).isEqualTo(200);
    assertThat(orders.get("/console/coupons").status()).isEqualTo(403);
    assertThat(orders.get("/console/audit").status()).isEqualTo(403);
    assertThat(orders.get("/console/system").status()).isEqualTo(403);
    assertThat(orders.get("/console/mails").status()).isEqualTo(403);
    Visitor.Page now = orders.get("/console");
    assertThat(now.body()).contains("/console/orders\"").doesNotContain("/console/coupons\"");
    assertThat(orders.submit("/console/dead-letters/1/replay", Map.of()).status()).isEqualTo(403);
    assertThat(orders.submit("/console/customers/c-1/erase", Map.of()).status()).isEqualTo(403);
    assertThat(coupons.get("/console/coupons/new").status()).isEqualTo(200);
    assertThat(coupons.get("/console/orders").status()).isEqualTo(403);
    assertThat(coupons.get("/console/customers").status()).isEqualTo(403);
  }

  @Test
  void readersSeeNoFormsAndSupportRefundsUpToItsLimit() throws IOException {
    String order =
        new Http(port)
            .post(
                "/api/orders",
                """
                {"customer":{"id":"c-%s","locale":"en"},"currency":"USD",
                 "items":[{"name":"Coat","quantity":2,"unitPrice":"200.00"}]}\
                """
                    .formatted(UUID.randomUUID()))
            .json()
            .path("orderId")
            .asText();
    String page = "/console/orders/" + order;
    Visitor reader = Visitor.withKey(port, key("reader", "orders"));
    Visitor support = Visitor.withKey(port, key("help-desk", "support"));

    assertThat(reader.get(page).body())
        .contains("/timeline")
        .doesNotContain(page + "/cancel", page + "/returns", page + "/goodwill", "/resend");
    assertThat(reader.get(page + "/cancel").status()).isEqualTo(403);
    assertThat(reader.submit(page + "/cancel", Map.of("reason", "OTHER")).status()).isEqualTo(403);
    assertThat(support.get(page).body()).contains(page + "/cancel").doesNotContain("/resend");
    String over = support.submit(page + "/cancel", Map.of("reason", "OTHER")).body();
    assertThat(over)
        .contains("Your key may refund at most $300")
        .doesNotContain("name=\"step\" value=\"do\"");
    Map<String, String> allTheSame =
        Map.of("reason", "OTHER", "step", "do", "version", "1", "key", "k-1");
    assertThat(support.submit(page + "/cancel", allTheSame).body())
        .contains("Your key may refund at most 300 of one order.");
    Map<String, String> one =
        Map.of("reason", "OTHER", "quantity-0", "1", "step", "do", "version", "1", "key", "k-2");
    assertThat(support.submit(page + "/returns", one).status()).isEqualTo(303);
    assertThat(reader.get(page).body()).contains("Due").doesNotContain("Report the payment");
  }

  private String key(String name, String roles) throws IOException {
    var key = new ByteArrayOutputStream();
    NewKey.run(
        new PrintStream(key, true, StandardCharsets.UTF_8), System.err, "new-key", name, roles);
    String[] lines = key.toString(StandardCharsets.UTF_8).split("\n");
    Files.writeString(keys, lines[1] + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    await()
        .until(
            () ->
                new Visitor(port).post("/console/login", Map.of("key", lines[0])).status() == 303);
    return lines[0];
  }
}
