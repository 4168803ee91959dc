package orderflow;

import static orderflow.platform.http.HttpEdgesTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import orderflow.platform.retry.BackgroundLoop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class ApiReadsTest {

  @LocalServerPort private int port;
  @Autowired private JdbcTemplate jdbc;

  @Autowired
  @Qualifier("deadLetterReplay") private BackgroundLoop replays;

  private Http http;
  private final String customer = "c-" + UUID.randomUUID();

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void showsAnOrderWithItsItemsAndEffects() {
    String coupon = "TEN-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"10"}}\
        """
            .formatted(coupon));
    String id = place("39000", ",\"couponCode\":\"" + coupon + "\"");

    awaitPointsAndUse(id);
    JsonNode order = http.get("/api/orders/" + id).json();
    assertThat(order.path("customerId").asText()).isEqualTo(customer);
    assertThat(order.path("status").asText()).isEqualTo("COMPLETED");
    assertThat(order.path("subtotal").asText()).isEqualTo("78000");
    assertThat(order.path("total").asText()).isEqualTo("70200");
    assertThat(order.at("/items/0/unitPrice").textValue()).isEqualTo("39000");
    assertThat(order.at("/items/0/quantity").intValue()).isEqualTo(2);
    assertThat(order.at("/effects/points/points").longValue()).isEqualTo(702);
    assertThat(order.at("/effects/points/at").asText()).endsWith("Z");
    assertThat(order.at("/effects/coupon/discount").textValue()).isEqualTo("7800");
    assertThat(order.toString()).doesNotContain("@example.com");
  }

  @Test
  void showsWhatAnotherSystemHasSettledBesideTheCouponsDiscount() {
    String coupon = "TEN-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}".formatted(coupon));
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s"},"currency":"KRW","couponCode":"%s","orderNumber":"#1001",
             "items":[{"name":"셔츠","quantity":2,"unitPrice":"39000.00"}],
             "discounts":[{"label":"Sale","amount":"1000"}],
             "charges":[{"label":"Shipping","amount":"3000"},{"label":"Tax","amount":700}]}\
            """
                .formatted(customer, coupon));

    assertThat(placed.status()).isEqualTo(201);
    assertThat(placed.json().path("orderNumber").asText()).isEqualTo("#1001");
    assertThat(placed.json().path("discount").asText()).isEqualTo("8800");
    assertThat(placed.json().path("total").asText()).isEqualTo("72900");
    String id = placed.json().path("orderId").asText();
    awaitPointsAndUse(id);
    JsonNode order = http.get("/api/orders/" + id).json();
    assertThat(order.path("discounts")).hasToString("[{\"label\":\"Sale\",\"amount\":\"1000\"}]");
    assertThat(order.at("/charges/1/amount").asText()).isEqualTo("700");
    assertThat(order.at("/effects/coupon/discount").asText()).isEqualTo("7800");
    assertThat(order.at("/effects/points/points").longValue()).isEqualTo(692);
    assertThat(order.at("/effects/email/status").asText()).isEqualTo("NONE");
    JsonNode event = TopicReader.await("order.completed", id).json();
    assertThat(event.path("discounts")).isEqualTo(order.path("discounts"));
    assertThat(event.path("charges")).isEqualTo(order.path("charges"));
    assertThat(event.path("orderNumber").asText()).isEqualTo("#1001");
    assertThat(event.at("/items/0/sku").isMissingNode()).isTrue();
    assertThat(TopicReader.await("coupon.used", id).json().path("discount").asText())
        .isEqualTo("7800");
  }

  @Test
  void anOrderKeepsTheNumberThatIsMadeForIt() {
    String id = place("100", "");
    JsonNode order = http.get("/api/orders/" + id).json();

    assertThat(order.path("orderNumber").asText()).matches("[2-9A-Z]{5}-[2-9A-Z]{5}");
    assertThat(
            jdbc.queryForObject(
                "select made_number from orders where id = ?::uuid", String.class, id))
        .isEqualTo(order.path("orderNumber").asText());
  }

  @Test
  void refusesReductionsOverTheSubtotalAndKeepsTheCoupon() {
    String coupon = "ALL-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"100\"}}"
            .formatted(coupon));

    Http.Response refused =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s"},"currency":"KRW","couponCode":"%s",
             "items":[{"name":"셔츠","quantity":1,"unitPrice":"39000"}],
             "discounts":[{"label":"Sale","amount":"1"}]}\
            """
                .formatted(customer, coupon));

    assertProblem(refused, 422, "invalid-body");
    assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/discounts");
    assertThat(http.get("/api/coupons/" + coupon).json().path("reserved").intValue()).isZero();
  }

  @Test
  void showsNoneForEffectsThatAreNotToCome() {
    JsonNode order = http.get("/api/orders/" + place("1", "")).json();

    assertThat(order.at("/effects/points/status").asText()).isEqualTo("NONE");
    assertThat(order.at("/effects/coupon/status").asText()).isEqualTo("NONE");
    assertThat(order.at("/effects/email/status").asText()).isNotEqualTo("NONE");
  }

  @Test
  void showsAnEffectThatWasGivenUpAsFailed() {
    String id = UUID.randomUUID().toString();
    jdbc.update(
        """
        insert into orders (id, customer_id, customer_email, customer_name, locale, currency, subtotal, discount,
          total, created_at) values (?::uuid, ?, '', '', 'en', 'KRW', 100, 0, 100, now())\
        """,
        id,
        customer);
    jdbc.update("insert into order_item values (?::uuid, 0, 'TS-001', '셔츠', 1, 100)", id);
    letter("point-consumer", "{}", id);

    assertThat(http.get("/api/orders/" + id).json().at("/effects/points/status").asText())
        .isEqualTo("FAILED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "1", "00000000-0000-0000-0000-000000000000", "0-0-0-0-0"})
  void knowsNoOrderOfAnotherId(String id) {
    assertProblem(http.get("/api/orders/" + id), 404, "not-found");
  }

  @Test
  void showsTheConfirmationOfAnOrderAsItWouldBeWritten() {
    JsonNode mail = http.get("/api/orders/" + place("100", "") + "/email").json();

    assertThat(mail.path("language").asText()).isIn("ko", "en");
    assertThat(mail.path("subject").asText()).isNotBlank().doesNotContain("\n");
    assertThat(mail.path("text").asText()).contains("100");
    assertThat(mail.path("html").asText()).contains("<html");
    assertProblem(http.get("/api/orders/" + UUID.randomUUID() + "/email"), 404, "not-found");
  }

  @Test
  void showsNoConfirmationOfAnErasedCustomerOrACancelledOrder() {
    String cancelled = place("100", "");
    String erased = place("100", "");
    http.post(
        "/api/orders/" + cancelled + "/cancel",
        "{\"reason\":\"OTHER\"}",
        "Idempotency-Key",
        cancelled);
    assertProblem(http.get("/api/orders/" + cancelled + "/email"), 404, "not-found");

    // Remembered, and not carried out yet.
    jdbc.update("insert into erased_customer (customer_id, at) values (?, now())", customer);

    assertProblem(http.get("/api/orders/" + erased + "/email"), 404, "not-found");
  }

  @Test
  void pagesOrdersNewestFirstWhateverIsPlacedMeanwhile() {
    List<String> placed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      placed.add(0, place("100", ""));
    }

    List<String> listed = new ArrayList<>();
    String cursor = null;
    do {
      JsonNode page =
          http.get(
                  "/api/orders?customerId="
                      + customer
                      + "&limit=2"
                      + (cursor == null ? "" : "&cursor=" + cursor))
              .json();
      page.path("orders").forEach(order -> listed.add(order.path("orderId").asText()));
      cursor = page.path("next").textValue();
      place("100", "");
    } while (cursor != null);

    assertThat(listed).isEqualTo(placed);
  }

  @Test
  void listsOrdersFromAMomentOnAndUpToAnother() {
    String first = http.get("/api/orders/" + place("100", "")).json().path("createdAt").asText();
    await()
        .until(
            () -> {
              String last =
                  http.get("/api/orders/" + place("100", "")).json().path("createdAt").asText();
              return !last.equals(first);
            });

    assertThat(count("&from=" + first)).isGreaterThan(1);
    assertThat(count("&to=" + first)).isZero();
    assertThat(count("&from=2000-01-01T00:00:00Z&to=" + first)).isZero();
    String justAfter = Instant.parse(first).plusNanos(1_000).toString();
    assertThat(count("&from=" + justAfter))
        .isEqualTo(count("&from=" + first) - count("&from=" + first + "&to=" + justAfter));
    assertThat(count("&from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")).isEqualTo(count(""));
    assertThat(
            count(
                "&from=" + URLEncoder.encode("2000-01-01T00:00:00+09:00", StandardCharsets.UTF_8)))
        .isEqualTo(count(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "limit=99999999999",
        "from=yesterday",
        "from=2026-11-22",
        "to=2026-11-22T05:00:00",
        "from=%2B999999999-12-31T23:59:59Z",
        "to=-999999999-01-01T00:00:00Z",
        "cursor=nonsense",
        "cursor=%00",
        "cursor=",
        "customerId=",
        "customerId=a%20b",
        "customerId=%00",
        "customerid=c-1",
        "offset=1",
        "customerId=%ff"
      })
  void refusesQueryValuesThatCantBe(String query) {
    assertProblem(http.get("/api/orders?" + query), 400, "malformed-request");
  }

  @Test
  void createsCouponsOnce() {
    String code = "ALL-" + UUID.randomUUID();
    String body =
        """
        {"code":"%s","discount":{"type":"FIXED","value":5000},"currency":"KRW","customerId":"c-1",
         "minimumOrderTotal":"10000","maximumDiscount":"5000","validFrom":"2020-01-01T09:00:00+09:00",
         "validUntil":"2999-01-01T00:00:00Z","usageLimit":10,"perCustomerLimit":2}\
        """
            .formatted(code);

    Http.Response created = http.post("/api/coupons", body);

    assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo("/api/coupons/" + code);
    JsonNode coupon = http.get("/api/coupons/" + code).json();
    assertThat(coupon).isEqualTo(created.json());
    assertThat(coupon.at("/discount/value").textValue()).isEqualTo("5000");
    assertThat(coupon.path("validFrom").asText()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(coupon.path("status").asText()).isEqualTo("ACTIVE");
    assertThat(coupon.path("used").intValue()).isZero();
    assertProblem(http.post("/api/coupons", body), 409, "coupon-exists");
    assertProblem(http.get("/api/coupons/" + code.toLowerCase(Locale.ROOT)), 404, "not-found");
  }

  @Test
  void countsReservationsAndUses() {
    String code = "ONE-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"12.50"}}\
        """
            .formatted(code));
    place("100", ",\"couponCode\":\"" + code + "\"");

    await()
        .untilAsserted(
            () ->
                assertThat(http.get("/api/coupons/" + code).json().path("used").intValue())
                    .isEqualTo(1));
    JsonNode coupon = http.get("/api/coupons/" + code).json();
    assertThat(coupon.path("reserved").intValue()).isZero();
    assertThat(coupon.path("status").asText()).isEqualTo("EXHAUSTED");
    assertThat(coupon.at("/discount/value").textValue()).isEqualTo("12.5");
  }

  @Test
  void tellsAllFaultsOfACouponAtOnce() {
    Http.Response response =
        http.post(
            "/api/coupons",
            """
            {"code":"with space","discount":{"type":"PERCENT","value":"100.01","extra":1},"currency":"XXX",
             "customerId":"","minimumOrderTotal":"-1","validFrom":"2026-01-02T00:00:00Z",
             "validUntil":"2026-01-02T00:00:00Z","usageLimit":0,"perCustomerLimit":1.5,"useageLimit":1}\
            """);

    assertProblem(response, 422, "invalid-body");
    assertThat(response.json().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder(
            "/code",
            "/discount/value",
            "/discount/extra",
            "/currency",
            "/customerId",
            "/minimumOrderTotal",
            "/validUntil",
            "/usageLimit",
            "/perCustomerLimit",
            "/useageLimit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":\"X\",\"discount\":{\"type\":\"FIXED\",\"value\":\"5\"}}",
        "{\"code\":\"X\",\"discount\":{\"type\":\"FIXED\",\"value\":\"0.5\"},\"currency\":\"KRW\"}",
        "{\"code\":\"X\",\"discount\":{\"type\":\"PERCENT\",\"value\":0}}",
        "{\"code\":\"X\",\"discount\":{\"type\":\"percent\",\"value\":1}}",
        "{\"code\":\"X\",\"discount\":{\"type\":\"PERCENT\",\"value\":1},\"validFrom\":\"2026-01-01\"}",
        "{\"code\":\"X\",\"discount\":{\"type\":\"PERCENT\",\"value\":1},\"usageLimit\":99999999999999999999}",
        "{\"code\":\"X\",\"discount\":10}",
        "{\"code\":\"X\"}"
      })
  void refusesCouponsThatCantBe(String body) {
    assertProblem(http.post("/api/coupons", body), 422, "invalid-body");
  }

  @Test
  void changesWhatOfACouponCanBeChanged() {
    String code = "생일/" + UUID.randomUUID();
    String path = "/api/coupons/" + URLEncoder.encode(code, StandardCharsets.UTF_8);
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"10"},"usageLimit":3,"validFrom":"2026-01-01T00:00:00Z"}\
        """
            .formatted(code));
    place("39000", ",\"couponCode\":\"" + code + "\"");
    place("39000", ",\"couponCode\":\"" + code + "\"");

    Http.Response below = patch(path, "{\"usageLimit\":1}");
    assertProblem(below, 409, "coupon-limit-below-uses");
    assertThat(below.json().path("uses").intValue()).isEqualTo(2);
    assertThat(patch(path, "{\"usageLimit\":2}").json().path("status").asText())
        .isEqualTo("EXHAUSTED");
    assertThat(patch(path, "{\"usageLimit\":5}").json().path("status").asText())
        .isEqualTo("ACTIVE");
    assertThat(
            patch(path, "{\"validUntil\":\"2026-02-01T00:00:00Z\"}").json().path("status").asText())
        .isEqualTo("EXPIRED");
    assertThat(patch(path, "{\"validUntil\":null}").json().path("status").asText())
        .isEqualTo("ACTIVE");
    assertThat(patch(path, "{\"enabled\":false}").json().path("status").asText())
        .isEqualTo("DISABLED");
    Http.Response refused =
        http.post("/api/orders", order("1", ",\"couponCode\":\"" + code + "\""));
    assertProblem(refused, 422, "coupon-not-redeemable");
    assertThat(refused.json().path("reason").asText()).isEqualTo("DISABLED");
    JsonNode enabled = patch(path, "{\"enabled\":true}").json();
    assertThat(enabled).isEqualTo(http.get(path).json());
    assertThat(enabled.path("usageLimit").intValue()).isEqualTo(5);

    assertProblem(
        patch(path, "{\"usageLimit\":null,\"enabled\":null,\"code\":\"x\"}"), 422, "invalid-body");
    assertProblem(patch(path, "{\"validUntil\":\"2025-01-01T00:00:00Z\"}"), 422, "invalid-body");
    assertProblem(patch("/api/coupons/none-of-this-name", "{}"), 404, "not-found");
    assertThat(
            jdbc.queryForList(
                "select detail::text from operator_action where target_id = ? and action = 'CHANGE_COUPON' order by id",
                String.class,
                code))
        .contains("{\"usageLimit\": 5}", "{\"enabled\": false}", "{\"validUntil\": \"null\"}");
  }

  @Test
  void refusesNullForAUsageLimitAndSaysWhy() {
    Http.Response refused =
        http.post(
            "/api/coupons",
            """
            {"code":"x","discount":{"type":"PERCENT","value":"10"},"usageLimit":null,"perCustomerLimit":null}\
            """);

    assertProblem(refused, 422, "invalid-body");
    assertThat(refused.json().path("errors")).hasSize(1);
    assertThat(refused.json().at("/errors/0/detail").asText()).contains("must not be null");
  }

  @Test
  void listsCouponsNewestFirstByTheirStatus() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String code = i + "-" + UUID.randomUUID();
      http.post(
          "/api/coupons",
          "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}".formatted(code));
      patch("/api/coupons/" + code, "{\"enabled\":false}");
      made.add(0, code);
    }

    List<String> listed = new ArrayList<>();
    String cursor = null;
    do {
      JsonNode page =
          http.get(
                  "/api/coupons?status=DISABLED&limit=2"
                      + (cursor == null ? "" : "&cursor=" + cursor))
              .json();
      page.path("coupons")
          .forEach(
              coupon -> {
                assertThat(coupon.path("status").asText()).isEqualTo("DISABLED");
                listed.add(coupon.path("code").asText());
              });
      cursor = page.path("next").textValue();
    } while (cursor != null && listed.size() < 3);

    assertThat(listed).startsWith(made.toArray(String[]::new));
    for (String status : List.of("ACTIVE", "SCHEDULED", "EXPIRED", "EXHAUSTED")) {
      http.get("/api/coupons?status=" + status)
          .json()
          .path("coupons")
          .forEach(coupon -> assertThat(coupon.path("status").asText()).isEqualTo(status));
    }
    assertProblem(http.get("/api/coupons?status=GONE"), 400, "malformed-request");
    assertProblem(http.get("/api/coupons?cursor=x"), 400, "malformed-request");
  }

  private Http.Response patch(String path, String body) {
    return http.send("PATCH", path, body, "Content-Type", "application/json");
  }

  @Test
  void findsOrdersByReferenceAndByNumber() {
    String reference = "ref-" + UUID.randomUUID();
    String number = "주문 " + reference.substring(4, 30);
    String id =
        http.post(
                "/api/orders",
                order("100", ",\"orderNumber\":\"" + number + "\""),
                "Idempotency-Key",
                reference)
            .json()
            .path("orderId")
            .asText();
    String made = place("100", "");
    String madeNumber = http.get("/api/orders/" + made).json().path("orderNumber").asText();

    assertThat(found("reference=" + reference)).containsExactly(id);
    assertThat(found("number=" + URLEncoder.encode(number, StandardCharsets.UTF_8)))
        .containsExactly(id);
    assertThat(found("number=" + madeNumber)).containsExactly(made);
    assertThat(found("number=" + madeNumber.toLowerCase(Locale.ROOT).replace("-", "")))
        .containsExactly(made);
    assertThat(found("number=" + reference)).as("a key is no number").isEmpty();
    assertThat(found("reference=" + reference + "x")).isEmpty();
  }

  private List<String> found(String query) {
    List<String> ids = new ArrayList<>();
    http.get("/api/orders?" + query)
        .json()
        .path("orders")
        .forEach(order -> ids.add(order.path("orderId").asText()));
    return ids;
  }

  @Test
  void showsPointsWithTheirEntries() {
    JsonNode none = http.get("/api/customers/" + customer + "/points").json();
    assertThat(none.path("balance").isIntegralNumber()).isTrue();
    assertThat(none.path("balance").intValue()).isZero();
    assertThat(none.path("entries").isEmpty()).isTrue();

    List<String> placed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      placed.add(0, place("10000", ""));
      int orders = i + 1;
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          http.get("/api/customers/" + customer + "/points")
                              .json()
                              .path("balance")
                              .intValue())
                      .isEqualTo(200 * orders));
    }

    JsonNode first = http.get("/api/customers/" + customer + "/points?limit=2").json();
    JsonNode rest =
        http.get(
                "/api/customers/"
                    + customer
                    + "/points?limit=2&cursor="
                    + first.path("next").asText())
            .json();
    assertThat(first.path("entries").findValuesAsText("orderId")).isEqualTo(placed.subList(0, 2));
    assertThat(rest.path("entries").findValuesAsText("orderId")).isEqualTo(placed.subList(2, 3));
    assertThat(rest.path("next").isNull()).isTrue();
    assertThat(rest.path("balance").intValue()).isEqualTo(600);
  }

  @Test
  void listsDeadLettersAsTheyAreToOperators() {
    String event = "{\"customer\":{\"name\":\"김민지\",\"email\":\"minji@example.com\"},\"broken";
    long id = letter("point-consumer", event, null);

    JsonNode listed =
        entry(
            http.get("/api/dead-letters?consumer=point-consumer&state=WAITING&limit=200")
                .json()
                .path("deadLetters"),
            id);
    assertThat(listed.path("payload").asText()).isEqualTo(event);
    assertThat(http.get("/api/dead-letters/" + id).json().path("payload").asText())
        .isEqualTo(event);
    assertThat(listed.path("topic").asText()).isEqualTo("order.completed");
    assertThat(listed.path("attempts").intValue()).isEqualTo(1);
    assertThat(
            http.get("/api/dead-letters?consumer=email-consumer&state=DISCARDED")
                .json()
                .path("deadLetters")
                .findValuesAsText("id"))
        .doesNotContain("" + id);
  }

  @Test
  void pagesDeadLettersNewestFirstWhateverFailsMeanwhile() {
    assertPagesAreStable(
        "/api/dead-letters?consumer=point-consumer&",
        "deadLetters",
        () -> letter("point-consumer", "x", null));
  }

  @Test
  void pagesImportsNewestFirstWhateverBeginsMeanwhile() {
    assertPagesAreStable("/api/imports?", "imports", this::newImport);
  }

  private void assertPagesAreStable(String list, String entries, Supplier<Long> newEntry) {
    List<Long> there = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      there.add(0, newEntry.get());
    }

    List<Long> listed = new ArrayList<>();
    String cursor = "";
    while (!listed.containsAll(there) && cursor != null) {
      JsonNode page =
          http.get(list + "limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor)).json();
      page.path(entries).forEach(entry -> listed.add(entry.path("id").longValue()));
      cursor = page.path("next").textValue();
      assertThat(newEntry.get()).isPositive();
    }

    assertThat(listed).doesNotHaveDuplicates().containsSubsequence(there);
    assertThat(listed.subList(listed.indexOf(there.get(0)), listed.size()))
        .allMatch(id -> id <= there.get(0));
  }

  @Test
  void countsWaitingDeadLettersByCause() {
    letter("point-consumer", "x", null);

    JsonNode groups = http.get("/api/dead-letters/summary").json().path("groups");

    assertThat(groups.findValuesAsText("cause")).contains("no good");
    assertProblem(
        http.get("/api/dead-letters/summary?consumer=point-consumer"), 400, "malformed-request");
  }

  @Test
  void replaysADeadLetterThatWorksNow() {
    String order = UUID.randomUUID().toString();
    long id =
        letter(
            "point-consumer",
            """
            {"orderId":"%s","customer":{"id":"%s"},"total":"500"}\
            """
                .formatted(order, customer),
            order);

    Http.Response response = http.send("POST", "/api/dead-letters/" + id + "/replay", "");

    assertThat(response.status()).as(response.raw().body()).isEqualTo(202);
    awaitState(id, "REPLAYED");
    assertThat(http.get("/api/customers/" + customer + "/points").json().path("balance").intValue())
        .isEqualTo(5);
    assertProblem(
        http.send("POST", "/api/dead-letters/" + id + "/replay", ""), 409, "dead-letter-settled");
    assertProblem(
        http.send("POST", "/api/dead-letters/" + id + "/discard", ""), 409, "dead-letter-settled");
  }

  @Test
  void aReplayForAnOrderThatHasItsEffectsChangesNothing() {
    String coupon = "TEN-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"10"},"usageLimit":5}\
        """
            .formatted(coupon));
    String order = place("1000", ",\"couponCode\":\"" + coupon + "\"");
    awaitPointsAndUse(order);
    String event = TopicReader.await("order.completed", order).json().toString();
    List<Long> letters =
        List.of(letter("point-consumer", event, order), letter("coupon-consumer", event, order));

    for (int replay = 1; replay <= 2; replay++) {
      for (long letter : letters) {
        jdbc.update(
            "update dead_letter set state = 'WAITING', settled_at = null where id = ?", letter);
        http.send("POST", "/api/dead-letters/" + letter + "/replay", "");
      }
      for (long letter : letters) {
        awaitState(letter, "REPLAYED");
        assertThat(http.get("/api/dead-letters/" + letter).json().path("attempts").intValue())
            .isEqualTo(1);
      }
      JsonNode points = http.get("/api/customers/" + customer + "/points").json();
      assertThat(points.path("balance").intValue()).isEqualTo(18);
      assertThat(points.path("entries")).hasSize(1);
      JsonNode uses = http.get("/api/coupons/" + coupon).json();
      assertThat(uses.path("used").intValue()).isEqualTo(1);
      assertThat(uses.path("reserved").intValue()).isZero();
    }
  }

  @Test
  void countsAReplayThatFailsAgain() {
    long id = letter("coupon-consumer", "no json " + UUID.randomUUID(), null);

    Http.Response response =
        http.send("POST", "/api/dead-letters/replay?consumer=coupon-consumer", "");

    assertThat(response.status()).isEqualTo(202);
    await()
        .untilAsserted(
            () -> {
              JsonNode letter = http.get("/api/dead-letters/" + id).json();
              assertThat(letter.path("attempts").intValue()).isEqualTo(2);
              assertThat(letter.path("state").asText()).isEqualTo("WAITING");
            });
  }

  @Test
  void discardsADeadLetter() {
    long id = letter("email-consumer", "x" + UUID.randomUUID(), null);

    Http.Response response = http.send("POST", "/api/dead-letters/" + id + "/discard", "");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.json().path("state").asText()).isEqualTo("DISCARDED");
    assertProblem(
        http.send("POST", "/api/dead-letters/" + id + "/replay", ""), 409, "dead-letter-settled");
  }

  @Test
  void replaysOneCauseAlone() {
    long one = letter("coupon-consumer", "no json " + UUID.randomUUID(), null);
    long other = letter("coupon-consumer", "no json " + UUID.randomUUID(), null);
    jdbc.update("update dead_letter set error = 'of its own kind' where id = ?", one);

    Http.Response response =
        http.send(
            "POST",
            "/api/dead-letters/replay?consumer=coupon-consumer&cause=of%20its%20own%20kind",
            "");

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.json().path("replays").intValue()).isEqualTo(1);
    await()
        .untilAsserted(
            () ->
                assertThat(http.get("/api/dead-letters/" + one).json().path("attempts").intValue())
                    .isEqualTo(2));
    assertThat(http.get("/api/dead-letters/" + one).json().path("cause").asText())
        .isEqualTo("is no JSON");
    assertThat(http.get("/api/dead-letters/" + other).json().path("error").asText())
        .isIn("no good", "is no JSON");
    assertProblem(
        http.send("POST", "/api/dead-letters/replay?consumer=coupon-consumer&cause=", ""),
        400,
        "malformed-request");
  }

  @Test
  void anEffectThatWasGivenUpStaysFailedWhenItsDeadLetterIsForgotten() {
    String id = UUID.randomUUID().toString();
    jdbc.update(
        """
        insert into orders (id, customer_id, customer_email, customer_name, locale, currency, subtotal, discount,
          total, created_at) values (?::uuid, ?, '', '', 'en', 'KRW', 100, 0, 100, now())""",
        id,
        customer);
    jdbc.update("insert into order_item values (?::uuid, 0, 'TS-001', '셔츠', 1, 100)", id);
    jdbc.update("insert into discarded_effect values (?::uuid, 'point-consumer')", id);

    JsonNode effects = http.get("/api/orders/" + id).json().path("effects");

    assertThat(effects.at("/points/status").asText()).isEqualTo("FAILED");
    assertThat(effects.at("/email/status").asText()).as("there is no address").isEqualTo("NONE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/dead-letters/0/replay",
        "/api/dead-letters/x/replay",
        "/api/dead-letters/9223372036854775808/discard"
      })
  void knowsNoOtherDeadLetters(String path) {
    assertProblem(http.send("POST", path, ""), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"consumer=nobody", "state=waiting", "cursor=eA", "consumer=", "x=y"})
  void refusesDeadLetterQueriesThatCantBe(String query) {
    assertProblem(http.get("/api/dead-letters?" + query), 400, "malformed-request");
    assertProblem(http.send("POST", "/api/dead-letters/replay", ""), 400, "malformed-request");
  }

  @Test
  void erasesNamesAndAddressesAndKeepsTheMoney() {
    String id = place("100", "");
    long letter =
        letter(
            "email-consumer",
            """
            {"orderId":"%s","customer":{"id":"%s","email":"minji@example.com","name":"김민지"},"total":"200"}\
            """
                .formatted(id, customer),
            id);
    jdbc.update("update dead_letter set customer_id = ? where id = ?", customer, letter);

    Http.Response response =
        http.send("DELETE", "/api/customers/" + customer + "/personal-data", "");

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.raw().body()).isEmpty();
    assertThat(http.get("/api/dead-letters/" + letter).raw().body())
        .as("shown at no moment")
        .doesNotContain("minji", "김민지");
    await()
        .untilAsserted(
            () -> {
              assertThat(
                      jdbc.queryForObject(
                          "select customer_name || customer_email from orders where id = ?::uuid",
                          String.class,
                          id))
                  .isEmpty();
              assertThat(http.get("/api/dead-letters/" + letter).json().path("payload").asText())
                  .contains("\"total\":\"200\"");
            });
    assertThat(http.get("/api/orders/" + id).json().path("total").asText()).isEqualTo("200");
  }

  @Test
  void queuesAConfirmationOnceMore() {
    String id = place("100", "");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        http.get("/api/orders/" + id).json().at("/effects/email/status").asText())
                    .isEqualTo("DONE"));

    Http.Response response = http.send("POST", "/api/orders/" + id + "/email/resend", "");

    assertThat(response.status()).isEqualTo(202);
    await()
        .until(
            () ->
                RealServers.mailbox().mails().stream()
                        .filter(mail -> mail.header("X-Order-Id").filter(id::equals).isPresent())
                        .count()
                    == 2);
    assertProblem(
        http.send("POST", "/api/orders/" + UUID.randomUUID() + "/email/resend", ""),
        404,
        "not-found");
  }

  @Test
  void showsImports() {
    long id = newImport();

    assertThat(http.get("/api/imports/" + id).json().path("state").asText()).isEqualTo("RUNNING");
    assertThat(
            entry(http.get("/api/imports?limit=200").json().path("imports"), id)
                .path("state")
                .asText())
        .isEqualTo("RUNNING");
    assertProblem(http.get("/api/imports/0"), 404, "not-found");
    assertProblem(http.get("/api/imports?cursor=1"), 400, "malformed-request");
  }

  /** Others' may have come meanwhile. */
  private static JsonNode entry(JsonNode list, long id) {
    for (JsonNode entry : list) {
      if (entry.path("id").longValue() == id) {
        return entry;
      }
    }
    throw new AssertionError(id + " is not in " + list);
  }

  private long newImport() {
    return jdbc.queryForObject(
        """
        insert into import (file, size, modified, started_at) values (?, 10, now(), now()) returning id\
        """,
        Long.class,
        UUID.randomUUID() + ".csv");
  }

  private int count(String query) {
    return http.get("/api/orders?limit=200&customerId=" + customer + query)
        .json()
        .path("orders")
        .size();
  }

  private void awaitPointsAndUse(String id) {
    await()
        .untilAsserted(
            () -> {
              JsonNode order = http.get("/api/orders/" + id).json();
              assertThat(order.at("/effects/points/status").asText()).isEqualTo("DONE");
              assertThat(order.at("/effects/coupon/status").asText()).isEqualTo("DONE");
            });
  }

  private void awaitState(long letter, String state) {
    replays.wake(); // which it does by itself once a second
    await()
        .untilAsserted(
            () ->
                assertThat(http.get("/api/dead-letters/" + letter).json().path("state").asText())
                    .isEqualTo(state));
  }

  private String place(String price, String more) {
    Http.Response response = http.post("/api/orders", order(price, more));
    assertThat(response.status()).as(response.raw().body()).isEqualTo(201);
    return response.json().path("orderId").asText();
  }

  private String order(String price, String more) {
    return """
    {"customer":{"id":"%s","email":"minji@example.com","name":"김민지"},"currency":"KRW",
     "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"%s"}]%s}\
    """
        .formatted(customer, price, more);
  }

  private long letter(String consumer, String payload, String order) {
    return jdbc.queryForObject(
        """
        insert into dead_letter (consumer, topic, partition, "offset", payload, order_id, error, failed_at)
        values (?, 'order.completed', 0, ?, convert_to(?, 'UTF8'), ?::uuid, 'no good', now()) returning id\
        """,
        Long.class,
        consumer,
        Math.abs(UUID.randomUUID().getMostSignificantBits()),
        payload,
        order);
  }
}
