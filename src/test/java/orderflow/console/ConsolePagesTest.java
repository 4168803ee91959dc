package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.Http;
import orderflow.OpenApi;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class ConsolePagesTest {

  private static final String HOSTILE = "<script>alert('주문')</script>\"'&{{1234*5678}}${1234*5678}";

  @LocalServerPort int port;
  @Autowired JdbcTemplate jdbc;
  @Autowired LiveFeed feed;

  private Http http;
  private Visitor visitor;

  @BeforeEach
  void logIn() {
    http = new Http(port);
    visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/orders",
        "/orders?customerId=nobody-has-this-id",
        "/dead-letters",
        "/dead-letters?state=WAITING&consumer=email-consumer",
        "/dead-letters/replay?consumer=email-consumer",
        "/operations",
        "/operations?state=RUNNING",
        "/reversals",
        "/reversals?refundState=FAILED&from=2099-01-01",
        "/imports",
        "/mails",
        "/customers",
        "/customers/nobody-has-this-id",
        "/customers/a%2Fb",
        "/customers/c-1/erase",
        "/coupons",
        "/coupons?status=ACTIVE",
        "/coupons/new",
        "/system",
        "/audit",
        "/go?q="
      })
  void eachPageIsWholeAndGuarded(String path) {
    for (String language : List.of("en", "ko")) {
      Visitor.Page page = visitor.get("/console" + path, "Accept-Language", language);

      assertThat(page.status()).as(page.body()).isEqualTo(200);
      assertThat(page.header("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors"
                  + " 'none'");
      assertThat(page.header("Cache-Control")).isEqualTo("no-store");
      assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(page.body())
          .startsWith("<!doctype html>")
          .contains("<html lang=\"" + language + "\"", "</html>")
          .containsOnlyOnce("<h1>")
          .containsOnlyOnce("<main")
          .doesNotContain("<style", " style=", " onclick=", "javascript:");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/orders/xx",
        "/orders/00000000-0000-7000-8000-000000000000",
        "/orders/xx/cancel",
        "/orders/xx/refund",
        "/reversals/xx",
        "/reversals/00000000-0000-7000-8000-000000000000",
        "/coupons/NOBODY-MADE-THIS",
        "/dead-letters/999999999999",
        "/operations/999999999999",
        "/imports/999999999999",
        "/imports/x",
        "/go?q=nothing-has-this-id"
      })
  void whatIsNotThereIsAPageThatSaysSo(String path) {
    Visitor.Page page = visitor.get("/console" + path);

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.body()).containsOnlyOnce("<h1>").contains("</html>");
  }

  @Test
  void aSemicolonInAnIdIsNotTakenForItsEnd() {
    String customer = "c-" + UUID.randomUUID();

    assertThat(visitor.get("/console/customers/" + customer + ";b").status()).isEqualTo(400);
    assertThat(visitor.get("/console/customers/" + customer + "%3Bb").body())
        .contains(customer + ";b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders?cursor=x",
        "/orders?from=yesterday",
        "/orders?from=99999-01-01",
        "/orders?customerId=a%20b",
        "/orders?number=%00",
        "/reversals?from=yesterday",
        "/reversals?cursor=x",
        "/dead-letters?cursor=x",
        "/operations?cursor=x",
        "/audit?cursor=%27",
        "/mails?cursor=x"
      })
  void whatCanNotBeMeantIsAPageThatSaysSo(String path) {
    Visitor.Page page = visitor.get("/console" + path);

    assertThat(page.status()).isBetween(400, 422);
    assertThat(page.body()).containsOnlyOnce("<h1>").contains("</html>");
  }

  @Test
  void showsAnOrderWithItsPriceAndWhatFollowed() {
    String order = place("c-" + UUID.randomUUID(), "린넨 셔츠");

    await()
        .untilAsserted(
            () ->
                assertThat(visitor.get("/console/orders/" + order).body())
                    .contains("780 points were booked")
                    .contains("The mail server took the confirmation"));
    Visitor.Page page = visitor.get("/console/orders/" + order);

    assertThat(page.body())
        .contains("린넨 셔츠", "₩39,000", "₩78,000", "Nothing to do.")
        .contains("The order was placed: 78000 KRW in all.", "780 points were booked for the")
        .contains("curl -H &quot;Authorization: Bearer $KEY&quot;")
        .doesNotContain(OrderflowTest.API_KEY);
    assertThat(visitor.get("/console/orders/" + order, "Accept-Language", "ko").body())
        .contains("780포인트가 적립되었습니다", "주문이 접수되었습니다")
        .doesNotContain("were booked");
  }

  @Test
  void leadsFromWhatNeedsAPersonToWhereItIs() {
    deadLetter("no JSON", "is no JSON");

    JsonNode items = http.get("/api/needs-attention").json().path("items");
    String page = visitor.get("/console").body();

    assertThat(items.findValuesAsText("kind")).contains("DEAD_LETTERS");
    assertThat(page)
        .contains("href=\"/console/dead-letters?consumer=point-consumer&amp;state=WAITING\"")
        .contains("point-consumer gave up on", "/api/needs-attention");
    assertThat(visitor.get("/console", "Accept-Language", "ko").body())
        .contains("point-consumer이(가) 처리하지 못한 레코드");
  }

  @Test
  void showsAnOrdersMailWithoutSendingIt() {
    String order = place("c-" + UUID.randomUUID(), "Shirt");

    Visitor.Page page = visitor.get("/console/orders/" + order + "/email");
    Visitor.Page html = visitor.get("/console/orders/" + order + "/email/html");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains(order, "/email/html", "Shirt (TS-001)", "/api/orders/" + order + "/email");
    assertThat(html.status()).isEqualTo(200);
    assertThat(html.header("Content-Security-Policy")).startsWith("sandbox; default-src 'none'");
    assertThat(html.body()).contains("<html");
  }

  @Test
  void sendsAMailAgainAndOnlyOnceForAReload() {
    String order = place("c-" + UUID.randomUUID(), "Shirt");
    await()
        .until(
            () -> http.get("/api/orders/" + order).json().at("/effects/email/status").asText(),
            "DONE"::equals);

    Visitor.Page page = visitor.submit("/console/orders/" + order + "/resend", Map.of());

    assertThat(page.status()).isEqualTo(303);
    assertThat(page.location()).isEqualTo("/console/orders/" + order + "?done=resent");
    assertThat(visitor.get(page.location()).body()).contains("queued once more");
    assertThat(visitor.get("/console/audit").body()).contains("Sent a mail again", order);
  }

  @Test
  void escapesWhatOthersWrote() {
    String customer = "<script>" + UUID.randomUUID();
    String order = place(customer, HOSTILE);
    Long letter = deadLetter(HOSTILE, HOSTILE);

    for (String path :
        List.of(
            "/orders",
            "/orders/" + order,
            "/customers/" + customer.replace("<", "%3C").replace(">", "%3E"),
            "/dead-letters",
            "/dead-letters/" + letter,
            "/go?q=%3Cscript%3E",
            "/orders?number=%3Cscript%3E&customerId=%22%3E%3Cscript%3E",
            "")) {
      assertThat(visitor.get("/console" + path).body())
          .as(path)
          .doesNotContain("<script>", "7006652", "7,006,652");
    }
    assertThat(visitor.get("/console/orders/" + order).body())
        .contains("&lt;script&gt;alert(&#39;주문&#39;)", "${1234*5678}");
  }

  @Test
  void makesACouponAndKeepsWhatWasTypedWhereItIsWrong() {
    String code = "NEW-" + UUID.randomUUID();

    Visitor.Page wrong =
        visitor.submit(
            "/console/coupons",
            Map.of("code", code, "type", "FIXED", "value", "-5", "usageLimit", "many"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body())
        .contains("value=\"" + code, "value=\"many\"", "aria-invalid=\"true\"", "id=\"faults\"")
        .contains("Value: must be over 0");
    Visitor.Page made =
        visitor.submit(
            "/console/coupons",
            Map.of(
                "code",
                code,
                "type",
                "PERCENT",
                "value",
                "10",
                "usageLimit",
                "5",
                "validUntil",
                "2099-01-01T10:00"));
    assertThat(made.location()).isEqualTo("/console/coupons/" + code + "?done=made");
    assertThat(http.get("/api/coupons/" + code).json().path("validUntil").asText())
        .isEqualTo("2099-01-01T10:00:00Z");
    Visitor.Page twice =
        visitor.submit("/console/coupons", Map.of("code", code, "type", "PERCENT", "value", "10"));
    assertThat(twice.body()).contains("there is a coupon " + code + " already");
  }

  @Test
  void changesACouponAndDisablesIt() {
    String code = "CHANGE/" + UUID.randomUUID();
    String page = "/console/coupons/" + code.replace("/", "%2F");
    visitor.submit("/console/coupons", Map.of("code", code, "type", "PERCENT", "value", "10"));

    assertThat(visitor.submit(page, Map.of("usageLimit", "7", "validUntil", "")).location())
        .isEqualTo(page + "?done=changed");
    assertThat(visitor.submit(page, Map.of("usageLimit", "0", "validUntil", "")).status())
        .isEqualTo(422);
    visitor.submit(page, Map.of("enabled", "false"));

    assertThat(visitor.get(page).body()).contains("Disabled", "of 7");
  }

  @Test
  void replaysAndDiscardsDeadLetters() {
    Long replayed = deadLetter("no JSON", "is no JSON " + UUID.randomUUID());
    Long discarded = deadLetter("no JSON", "is no JSON");

    assertThat(visitor.submit("/console/dead-letters/" + replayed + "/replay", Map.of()).location())
        .isEqualTo("/console/dead-letters/" + replayed + "?done=replayed");
    assertThat(visitor.get("/console/dead-letters/" + discarded + "/discard").body())
        .contains("undone");
    visitor.submit("/console/dead-letters/" + discarded + "/discard", Map.of());
    Visitor.Page again =
        visitor.submit("/console/dead-letters/" + discarded + "/discard", Map.of());

    assertThat(again.status()).isEqualTo(422);
    assertThat(again.body()).contains("Nothing was changed.");
    assertThat(http.get("/api/dead-letters/" + discarded).json().path("state").asText())
        .isEqualTo("DISCARDED");
  }

  @Test
  void replaysAllOfACauseAfterAQuestion() {
    String cause = "nothing fits " + UUID.randomUUID().toString().replaceAll("[^a-z]", "");
    deadLetter("x", cause);

    String question =
        visitor
            .get(
                "/console/dead-letters/replay?consumer=point-consumer&cause="
                    + cause.replace(" ", "%20"))
            .body();
    assertThat(question).contains("”: 1.", cause, "name=\"rate\"", "value=\"100\"");
    Map<String, String> form =
        Map.of("consumer", "point-consumer", "cause", cause, "rate", "many", "limit", "0");
    Visitor.Page wrong = visitor.submit("/console/dead-letters/replay", form);
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body())
        .contains("value=\"many\"", "must be a whole number from 1 to 10000", "href=\"#limit\"");
    Visitor.Page asked =
        visitor.submit(
            "/console/dead-letters/replay",
            Map.of("consumer", "point-consumer", "cause", cause, "rate", "5"));

    assertThat(asked.status()).isEqualTo(303);
    assertThat(asked.location()).matches("/console/operations/\\d+");
    await()
        .untilAsserted(
            () ->
                assertThat(visitor.get(asked.location()).body())
                    .contains("✓ Done", "100 %", "Dead letters that failed again"));
    assertThat(visitor.get("/console/operations").body()).contains(cause, asked.location());
    assertThat(visitor.submit(asked.location() + "/cancel", Map.of()).status()).isEqualTo(422);
    assertThat(visitor.get("/console/audit").body()).contains(cause);
  }

  @Test
  void pausesResumesAndStopsAnOperation() {
    String cause = "of a long row " + UUID.randomUUID().toString().replaceAll("[^a-z]", "");
    for (int i = 0; i < 10; i++) {
      deadLetter("x" + i, cause);
    }
    String page =
        visitor
            .submit(
                "/console/dead-letters/replay",
                Map.of("consumer", "point-consumer", "cause", cause, "rate", "1"))
            .location();

    assertThat(visitor.get(page).body()).contains(page + "/pause", "every 2s");
    assertThat(visitor.submit(page + "/pause", Map.of()).location())
        .isEqualTo(page + "?done=operation-paused");
    assertThat(visitor.get(page).body()).contains("! Paused", page + "/resume");
    visitor.submit(page + "/resume", Map.of());
    visitor.submit(page + "/cancel", Map.of());

    assertThat(visitor.get(page).body()).contains("Cancelled").doesNotContain(page + "/resume");
  }

  @Test
  void twoOperatorsWhoEditOneDeadLetterLoseNothing() {
    Long letter = deadLetter("{\"total\":\"-1\",\"name\":\"<b>\"}", "total is negative");
    String page = "/console/dead-letters/" + letter;
    Visitor other = Visitor.withKey(port, OrderflowTest.API_KEY);
    assertThat(visitor.get(page).body()).contains("&quot;total&quot;: &quot;-1&quot;,");
    other.get(page);

    Visitor.Page first =
        visitor.submit(
            page + "/payload", Map.of("version", "1", "payload", "{\r\n  \"total\": \"1\"\r\n}"));
    assertThat(first.location()).isEqualTo(page + "?done=edited");
    assertThat(visitor.get(page).body())
        .contains("<del>−   &quot;total&quot;: &quot;-1&quot;,</del>")
        .contains("<ins>+   &quot;total&quot;: &quot;1&quot;</ins>");
    Visitor.Page second =
        other.submit(page + "/payload", Map.of("version", "1", "payload", "{\"total\":\"2\"}"));

    assertThat(second.status()).isEqualTo(412);
    assertThat(second.body())
        .contains("has edited the payload in the meantime", "{&quot;total&quot;:&quot;2&quot;}")
        .contains("<ins>+   &quot;total&quot;: &quot;2&quot;</ins>")
        .contains("name=\"version\" value=\"2\"");
    assertThat(http.get("/api/dead-letters/" + letter).json().at("/edited/payload").asText())
        .isEqualTo("{\n  \"total\": \"1\"\n}");
    other.submit(page + "/payload", Map.of("version", "2", "payload", "{\"total\":\"2\"}"));
    other.submit(page + "/payload", Map.of("version", "3", "undo", "1"));
    assertThat(http.get("/api/dead-letters/" + letter).json().has("edited")).isFalse();
  }

  @Test
  void erasesACustomerAfterAQuestion() {
    String customer = "c-" + UUID.randomUUID();
    place(customer, "Shirt");

    assertThat(visitor.get("/console/customers/" + customer + "/erase").body()).contains("undone");
    Visitor.Page erased = visitor.submit("/console/customers/" + customer + "/erase", Map.of());

    assertThat(erased.location()).isEqualTo("/console/customers/" + customer + "?done=erased");
    await() // its blanking goes on in the background where it takes long
        .until(
            () ->
                jdbc.queryForObject(
                        "select count(*) from orders where customer_id = ? and customer_name <> ''",
                        Long.class,
                        customer)
                    == 0);
  }

  @Test
  void uploadsAFileAndShowsItsRejectedRows() {
    String name = "upload-" + UUID.randomUUID() + ".csv";
    String rows =
        """
        orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode
        %s,c-1,a@example.com,Kim,ko,KRW,TS,Shirt,1,1000,
        bad-1,c-1,no address,Kim,ko,KRW,TS,Shirt,1,1000,
        """
            .formatted("r-" + UUID.randomUUID());

    assertThat(visitor.upload("/console/imports", name, rows).status()).isEqualTo(403);
    Visitor.Page sent = visitor.upload("/console/imports?csrf=" + visitor.csrf(), name, rows);
    assertThat(sent.location()).isEqualTo("/console/imports?done=uploaded");
    JsonNode ended =
        await().until(() -> imported(name), file -> file.path("state").asText().equals("DONE"));

    assertThat(visitor.get("/console/imports/" + ended.path("id").asText()).body())
        .contains("must be one e-mail address", "bad-1", name + ".rejected.csv");
    JsonNode rejected = http.get("/api/imports/" + ended.path("id").asText() + "/rejected").json();
    assertThat(rejected.at("/rows/0/line").asLong()).isEqualTo(3);
    assertThat(rejected.at("/rows/0/orderRef").asText()).isEqualTo("bad-1");
    assertThat(visitor.upload("/console/imports?csrf=" + visitor.csrf(), "x.exe", "x").status())
        .isEqualTo(422);
    assertThat(visitor.upload("/console/imports?csrf=" + visitor.csrf(), "", "").status())
        .isEqualTo(422);
  }

  private JsonNode imported(String name) {
    for (JsonNode file : http.get("/api/imports").json().path("imports")) {
      if (file.path("file").asText().equals(name)) {
        return file;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  @Test
  void findsWhatHasAnId() {
    String customer = "c-" + UUID.randomUUID();
    String order = place(customer, "Shirt");
    String number = http.get("/api/orders/" + order).json().path("orderNumber").asText();
    String code = "FIND-" + UUID.randomUUID();
    visitor.submit("/console/coupons", Map.of("code", code, "type", "PERCENT", "value", "10"));

    assertThat(found(order)).isEqualTo("/console/orders/" + order);
    assertThat(found("<order-" + order + "@orderflow.example>"))
        .isEqualTo("/console/orders/" + order);
    assertThat(found(number)).isEqualTo("/console/orders/" + order);
    assertThat(found(customer)).isEqualTo("/console/customers/" + customer);
    assertThat(found(code)).isEqualTo("/console/coupons/" + code);
  }

  private String found(String text) {
    return visitor
        .get("/console/go?q=" + java.net.URLEncoder.encode(text, StandardCharsets.UTF_8))
        .location();
  }

  @Test
  void saysWhatIsWrongWithAConsumerThatCanNotBePaused() {
    assertThat(visitor.submit("/console/system/consumers/point-consumer/pause", Map.of()).body())
        .contains("can’t be paused");
    assertThat(visitor.submit("/console/system/consumers/none/resume", Map.of()).body())
        .contains("no such consumer");
  }

  @Test
  void masksSecretsAmongTheSettings() {
    String page = visitor.get("/console/system").body();
    JsonNode settings = http.get("/api/system").json().path("settings");

    assertThat(page).contains("orderflow.security.api-key", "••••••");
    assertThat(page + settings)
        .doesNotContain(OrderflowTest.API_KEY, orderflow.RealServers.jdbcPassword());
    assertThat(settings.findValuesAsText("name")).contains("orderflow.intake.batch");
  }

  @Test
  void namesCallsThatTheApiHas() {
    List<String> documented = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path :
        OpenApi.read("/static/openapi.yaml").path("paths").properties()) {
      path.getValue()
          .fieldNames()
          .forEachRemaining(method -> documented.add(method.toUpperCase() + " " + path.getKey()));
    }
    String order = place("c-" + UUID.randomUUID(), "Shirt");
    Pattern line =
        Pattern.compile("curl(?: -X ([A-Z]+))? .*&#39;http://127\\.0\\.0\\.1:\\d+(/[^&?]*)");
    for (String path :
        List.of(
            "/orders",
            "/orders/" + order,
            "/orders/" + order + "/returns",
            "/reversals",
            "/dead-letters",
            "/dead-letters/" + deadLetter("x", "is no JSON"),
            "/operations",
            "/imports",
            "/mails",
            "/coupons",
            "/coupons/new",
            "/customers/c-1",
            "/system",
            "/audit")) {
      Matcher calls = line.matcher(visitor.get("/console" + path).body());
      int found = 0;
      while (calls.find()) {
        found++;
        String call = (calls.group(1) == null ? "GET" : calls.group(1)) + " " + calls.group(2);
        assertThat(documented)
            .as(call)
            .anyMatch(known -> call.matches(known.replaceAll("\\{[^}]+}", "[^/]+")));
      }
      assertThat(found).as(path).isPositive();
    }
  }

  @Test
  void sendsWhatFlowsToAllWhoLookFromOneReading() throws Exception {
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      var answer =
          HttpClient.newHttpClient()
              .send(visitor.request("/console/live").build(), BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      streams.add(answer.body());
    }
    assertThat(feed.viewers()).isGreaterThanOrEqualTo(3);
    List<Set<String>> seen = streams.stream().<Set<String>>map(stream -> new HashSet<>()).toList();
    await("a moment that all three have seen")
        .until(
            () -> {
              for (int i = 0; i < streams.size(); i++) {
                String event = event(streams.get(i));
                assertThat(event).contains("\"outbox\":", "\"status\":");
                seen.get(i).add(event);
              }
              Set<String> common = new HashSet<>(seen.get(0));
              seen.forEach(common::retainAll);
              return !common.isEmpty();
            });
    for (InputStream stream : streams) {
      stream.close();
    }
  }

  private static String event(InputStream stream) throws IOException {
    StringBuilder event = new StringBuilder();
    while (event.indexOf("\n\n") < 0) {
      int read = stream.read();
      assertThat(read).isNotNegative();
      event.append((char) read);
    }
    return event.toString();
  }

  @Test
  void keepsTheChoiceOfColours() {
    assertThat(visitor.get("/console").body()).contains("data-theme=\"auto\"");

    Visitor.Page chosen =
        visitor.submit("/console/theme", Map.of("theme", "dark", "back", "/console/orders"));

    assertThat(chosen.location()).isEqualTo("/console/orders");
    assertThat(visitor.get("/console/orders").body()).contains("data-theme=\"dark\"");
    assertThat(visitor.get("/mailbox").body()).contains("data-theme=\"dark\"");
  }

  private String place(String customer, String item) {
    String body =
        """
        {"customer":{"id":"%s","email":"minji@example.com","name":"Kim","locale":"en"},"currency":"KRW",
         "items":[{"sku":"TS-001","name":%s,"quantity":2,"unitPrice":"39000"}]}\
        """
            .formatted(
                customer, com.fasterxml.jackson.databind.node.TextNode.valueOf(item).toString());
    return http.post("/api/orders", body).json().path("orderId").asText();
  }

  private Long deadLetter(String payload, String error) {
    return jdbc.queryForObject(
        """
        insert into dead_letter (consumer, topic, partition, "offset", key, payload, error, failed_at)
        values ('point-consumer', 'order.completed', 0, ?, 'Kim', ?, ?, now()) returning id
        """,
        Long.class,
        System.nanoTime(),
        payload.getBytes(StandardCharsets.UTF_8),
        error);
  }
}
