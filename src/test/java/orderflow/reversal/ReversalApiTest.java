package orderflow.reversal;

import static orderflow.platform.http.HttpEdgesTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class ReversalApiTest {

  private static final String CUSTOMER_ASKED = "{\"reason\":\"CUSTOMER\"}";

  @LocalServerPort private int port;
  @Autowired private JdbcTemplate jdbc;
  private Http http;
  private final String customer = "c-" + UUID.randomUUID();

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void aCancellationTakesPointsAndCouponBackAndOwesTheTotal() {
    String coupon =
        coupon("\"discount\":{\"type\":\"FIXED\",\"value\":\"5000\"},\"currency\":\"KRW\"");
    String order = place(coupon, "");
    awaitEffects(order);

    Http.Response cancelled = cancel(order, "key-1");

    assertThat(cancelled.status()).isEqualTo(201);
    JsonNode plan = cancelled.json();
    assertThat(cancelled.header("Location"))
        .isEqualTo("/api/reversals/" + text(plan, "/reversalId"));
    assertThat(text(plan, "/kind")).isEqualTo("CANCEL");
    assertThat(text(plan, "/refund/amount")).isEqualTo("83000");
    assertThat(text(plan, "/refund/state")).isEqualTo("DUE");
    assertThat(plan.at("/points/earned").longValue()).isEqualTo(830);
    assertThat(plan.at("/points/reversed").longValue()).isEqualTo(830);
    assertThat(text(plan, "/coupon/outcome")).isEqualTo("RELEASED");
    assertThat(text(plan, "/mail/kind")).isEqualTo("ORDER_CANCELLED");
    assertThat(text(plan, "/order/status")).isEqualTo("CANCELLED");
    assertThat(plan.at("/order/version").intValue()).isEqualTo(2);

    JsonNode seen = http.get("/api/orders/" + order).json();
    assertThat(text(seen, "/status")).isEqualTo("CANCELLED");
    assertThat(text(seen, "/refunded")).isEqualTo("83000");
    assertThat(text(seen, "/effects/points/status")).isEqualTo("DONE");
    assertThat(seen.at("/effects/points/reversed").longValue()).isEqualTo(830);
    assertThat(text(seen, "/effects/coupon/releasedAt")).endsWith("Z");
    assertThat(text(seen, "/reversals/0/refundState")).isEqualTo("DUE");
    JsonNode points = http.get("/api/customers/" + customer + "/points").json();
    assertThat(points.path("balance").longValue()).isZero();
    assertThat(points.at("/entries/0/points").longValue()).isEqualTo(830);
    JsonNode ledger = http.get("/api/customers/" + customer + "/points/ledger").json();
    assertThat(ledger.at("/entries/0/kind").asText()).isEqualTo("REVERSE");
    assertThat(ledger.at("/entries/0/points").longValue()).isEqualTo(-830);
    assertThat(text(ledger, "/entries/0/reversalId")).isEqualTo(text(plan, "/reversalId"));
    assertThat(ledger.at("/entries/1/points").longValue()).isEqualTo(830);
    assertThat(ledger.at("/entries/1/reversalId").isNull()).isTrue();
    JsonNode used = http.get("/api/coupons/" + coupon).json();
    assertThat(used.path("used").intValue()).isZero();
    assertThat(used.path("reserved").intValue()).isZero();
    assertThat(place(coupon, "")).isNotEmpty(); // its only use is free again
  }

  @Test
  void aCancellationRightAfterTheOrderEndsInTheSameStateWhateverWasOnItsWay() {
    String coupon = coupon("\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}");
    String order = place(coupon, "");
    assertThat(cancel(order, "key-1").status()).isEqualTo(201);

    await().until(() -> isPublished(order));
    assertThat(http.get("/api/customers/" + customer + "/points").json().path("balance").intValue())
        .isZero();
    JsonNode free = http.get("/api/coupons/" + coupon).json();
    assertThat(free.path("used").intValue() + free.path("reserved").intValue()).isZero();
  }

  private boolean isPublished(String order) {
    return jdbc.queryForList("select id from outbox where subject = ?::uuid", order).isEmpty();
  }

  @Test
  void theSameKeyGivesTheFirstAnswerAgainAndWithOtherContentIsRefused() {
    String order = place(null, "");
    Http.Response first = giveBack(order, "key-1", 0, 1);

    Http.Response again = giveBack(order, "key-1", 0, 1);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.raw().body()).isEqualTo(first.raw().body());
    assertProblem(giveBack(order, "key-1", 0, 2), 422, "idempotency-key-reused");
    assertProblem(
        http.post("/api/orders/" + order + "/cancel", CUSTOMER_ASKED),
        400,
        "idempotency-key-required");
  }

  @Test
  void ordersAreListedByTheStateTheyAreIn() {
    String kept = place(null, "");
    String returned = place(null, "");
    String cancelled = place(null, "");
    giveBack(returned, "1", 0, 1);
    act(returned, "goodwill", "2", "{\"amount\":\"1\",\"reason\":\"OTHER\"}");
    cancel(cancelled, "3");

    assertThat(inState("COMPLETED")).containsExactly(kept);
    assertThat(inState("PARTIALLY_RETURNED")).containsExactly(returned);
    assertThat(inState("CANCELLED")).containsExactly(cancelled);
    assertThat(inState("RETURNED")).isEmpty();
    assertThat(inState("CANCELLED&cursor=" + cancelled)).isEmpty();
    Instant placed = Instant.parse(text(http.get("/api/orders/" + cancelled).json(), "/createdAt"));
    String window = "&from=" + placed + "&to=" + placed.plusMillis(1);
    assertThat(
            http.get("/api/orders?status=CANCELLED" + window)
                .json()
                .path("orders")
                .findValuesAsText("orderId"))
        .as("of all customers")
        .contains(cancelled)
        .doesNotContain(kept, returned);
    assertProblem(http.get("/api/orders?status=RETURNING"), 400, "malformed-request");
  }

  private List<String> inState(String status) {
    return http.get("/api/orders?customerId=" + customer + "&status=" + status)
        .json()
        .path("orders")
        .findValuesAsText("orderId");
  }

  @Test
  void returnsAddUpToTheTotalAndThenNothingIsLeft() {
    String order = place(null, "");
    assertThat(text(giveBack(order, "1", 0, 1).json(), "/order/status"))
        .isEqualTo("PARTIALLY_RETURNED");
    Http.Response tooMany = giveBack(order, "2", 0, 2);
    assertProblem(tooMany, 409, "nothing-left-to-return");
    assertThat(tooMany.json().at("/remaining"))
        .hasToString("[{\"position\":0,\"quantity\":1},{\"position\":1,\"quantity\":1}]");
    assertProblem(cancel(order, "3"), 409, "order-has-returns");

    Http.Response rest =
        act(order, "returns", "4", "{\"items\":\"REST\",\"reason\":\"OUT_OF_STOCK\"}");

    assertThat(text(rest.json(), "/order/status")).isEqualTo("RETURNED");
    assertThat(text(rest.json(), "/order/remaining/total")).isEqualTo("0");
    assertProblem(giveBack(order, "5", 0, 1), 409, "nothing-left-to-return");
    assertThat(text(http.get("/api/orders/" + order).json(), "/refunded")).isEqualTo("88000");
    assertThat(http.get("/api/orders/" + order).json().at("/items/0/returned").intValue())
        .isEqualTo(2);
  }

  @Test
  void aPreviewSaysWhatTheActDoesAndChangesNothing() {
    String order = place(null, "");
    awaitEffects(order);
    Http.Response preview =
        http.post(
            "/api/orders/" + order + "/reversals/preview",
            "{\"kind\":\"RETURN\",\"items\":[{\"position\":0,\"quantity\":1}]}");

    assertThat(preview.status()).isEqualTo(200);
    assertThat(preview.header("ETag")).isEqualTo("\"1\"");
    assertThat(text(http.get("/api/orders/" + order).json(), "/status")).isEqualTo("COMPLETED");
    Http.Response act =
        http.post(
            "/api/orders/" + order + "/returns",
            "{\"items\":[{\"position\":0,\"quantity\":1}],\"reason\":\"CUSTOMER\"}",
            "Idempotency-Key",
            "k",
            "If-Match",
            "\"1\"");
    assertThat(act.status()).isEqualTo(201);
    assertThat(act.json().path("refund")).isEqualTo(preview.json().path("refund"));
    assertThat(act.json().path("points")).isEqualTo(preview.json().path("points"));
    Http.Response old =
        http.post(
            "/api/orders/" + order + "/returns",
            "{\"items\":[{\"position\":0,\"quantity\":1}],\"reason\":\"CUSTOMER\"}",
            "Idempotency-Key",
            "k2",
            "If-Match",
            "\"1\"");
    assertProblem(old, 412, "precondition-failed");
    Http.Response oneOfSeveral =
        http.post(
            "/api/orders/" + order + "/returns",
            "{\"items\":[{\"position\":0,\"quantity\":1}],\"reason\":\"CUSTOMER\"}",
            "Idempotency-Key",
            "k2",
            "If-Match",
            "\"1\", \"2\"");
    assertThat(oneOfSeveral.status()).isEqualTo(201);
  }

  @Test
  void aNoteIsCountedInCharactersAndHoldsNoHalvesOfOne() {
    String order = place(null, "");
    String note = "{\"reason\":\"OTHER\",\"note\":\"%s\"}";

    assertThat(errors(act(order, "cancel", "1", note.formatted("\\uD83D"))))
        .containsExactly("/note");
    assertThat(errors(act(order, "cancel", "1", note.formatted("\uD83D\uDE00".repeat(1_001)))))
        .containsExactly("/note");
    assertThat(act(order, "cancel", "1", note.formatted("\uD83D\uDE00".repeat(1_000))).status())
        .isEqualTo(201);
  }

  @Test
  void theCodeOfACouponGivenInsteadIsNotCutWithinACharacter() {
    String code = "\uD83D\uDE00".repeat(28) + UUID.randomUUID();
    String rules = "\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}";
    assertThat(http.post("/api/coupons", "{\"code\":\"" + code + "\"," + rules + "}").status())
        .isEqualTo(201);
    String order = place(code, "");

    Http.Response cancelled =
        act(
            order,
            "cancel",
            "1",
            "{\"reason\":\"CUSTOMER\",\"couponPolicy\":\"RELEASE_AND_REISSUE\"}");

    String reissued = text(cancelled.json(), "/coupon/reissued");
    assertThat(reissued).startsWith(code.substring(0, code.offsetByCodePoints(0, 57)) + "-");
    assertThat(
            jdbc.queryForObject(
                "select customer_id from coupon where code = ?", String.class, reissued))
        .isEqualTo(customer);
  }

  @Test
  void refundsAreWorkedOffByWhatThePaymentSystemReports() {
    String order = place(null, "");
    String id = text(cancel(order, "1").json(), "/reversalId");
    String refund = "/api/reversals/" + id + "/refund";

    assertThat(http.get("/api/reversals?refundState=DUE&limit=200").json().toString()).contains(id);
    assertThat(
            text(
                http.post(refund, "{\"state\":\"FAILED\",\"detail\":\"card expired\"}").json(),
                "/refund/state"))
        .isEqualTo("FAILED");
    String settled = "{\"state\":\"SETTLED\",\"reference\":\"pay-1\"}";
    assertThat(text(http.post(refund, settled).json(), "/refund/reference")).isEqualTo("pay-1");
    assertThat(http.post(refund, settled).status()).isEqualTo(200);
    assertProblem(
        http.post(refund, "{\"state\":\"SETTLED\",\"reference\":\"pay-2\"}"),
        409,
        "refund-settled");
    assertThat(text(http.get("/api/reversals/" + id).json(), "/refund/state")).isEqualTo("SETTLED");
  }

  @Test
  void theTimelineTellsTheStoryFromTheIntakeToTheRefund() {
    String coupon = coupon("\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}");
    String order = place(coupon, "");
    awaitEffects(order);
    String id = text(cancel(order, "1").json(), "/reversalId");
    String settled = "{\"state\":\"SETTLED\",\"reference\":\"pay-1\"}";
    assertThat(http.post("/api/reversals/" + id + "/refund", settled).status()).isEqualTo(200);

    Http.Response answer = http.get("/api/orders/" + order + "/timeline");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode timeline = answer.json();
    List<String> kinds = timeline.path("events").findValuesAsText("kind");
    assertThat(kinds)
        .contains(
            "PLACED", "COUPON_RESERVED", "POINTS_BOOKED", "COUPON_USED", "MAIL_QUEUED", "MAIL_SENT")
        .contains("CANCELLED", "COUPON_RELEASED", "POINTS_REVERSED", "REFUND_REPORTED");
    assertThat(kinds.get(0)).isEqualTo("PLACED");
    assertThat(timeline.path("events").findValuesAsText("at").stream().map(Instant::parse))
        .isSorted();
    JsonNode cancelled = timeline.path("events").get(kinds.indexOf("CANCELLED"));
    assertThat(text(cancelled, "/by")).isEqualTo("api-key");
    assertThat(text(cancelled, "/text"))
        .isEqualTo("The order was cancelled (CUSTOMER); 79200 KRW are to be refunded.");
    assertThat(text(cancelled, "/ref")).isEqualTo("/api/reversals/" + id);
    assertThat(answer.raw().body()).doesNotContain("@example.com").doesNotContain("Minji");
    assertThat(timeline.path("effects").findValuesAsText("act"))
        .containsExactly("NONE", "NONE", "NONE");
    assertThat(text(timeline, "/effects/points/why"))
        .contains("792 points were booked")
        .contains("of which 792 were taken back since");
    assertProblem(http.get("/api/orders/" + UUID.randomUUID() + "/timeline"), 404, "not-found");
    assertThat(http.get("/api/needs-attention").status()).isEqualTo(200);
  }

  @Test
  void ofManyReturnsOfTheLastUnitOneIsMade() throws Exception {
    String order = place(null, "");
    giveBack(order, "first", 0, 1);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Callable<Integer>> returns =
          IntStream.range(0, 32)
              .mapToObj(i -> (Callable<Integer>) () -> giveBack(order, "k" + i, 0, 1).status())
              .toList();
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> one : threads.invokeAll(returns)) {
        statuses.add(one.get());
      }
      assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
      assertThat(statuses).filteredOn(status -> status == 409).hasSize(31);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void badRequestsAreRefusedAndChangeNothing() {
    String order = place(null, "");

    assertProblem(cancel(UUID.randomUUID().toString(), "k"), 404, "not-found");
    assertThat(errors(act(order, "cancel", "k", "{}"))).containsExactly("/reason");
    assertThat(errors(act(order, "cancel", "k", "{\"reason\":\"WHIM\",\"reasons\":1}")))
        .containsExactlyInAnyOrder("/reason", "/reasons");
    assertThat(errors(giveBack(order, "k", 7, 1))).containsExactly("/items/0/position");
    assertThat(errors(act(order, "returns", "k", "{\"reason\":\"OTHER\",\"items\":[]}")))
        .containsExactly("/items");
    assertThat(errors(act(order, "goodwill", "k", "{\"amount\":\"0.5\",\"why\":\"late\"}")))
        .containsExactly("/amount");
    Http.Response over = act(order, "goodwill", "k", "{\"amount\":\"88001\",\"why\":\"late\"}");
    assertProblem(over, 409, "refund-over-total");
    assertThat(over.json().path("maximum").asText()).isEqualTo("88000");
    assertThat(http.get("/api/orders/" + order).json().path("version").intValue()).isEqualTo(1);
  }

  @Test
  void keepUsedKeepsTheUseAndReissueGivesACouponOfTheCustomersOwn() {
    String kept = coupon("\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}");
    String order = place(kept, "");
    awaitEffects(order);
    Http.Response answer =
        act(order, "cancel", "k", "{\"reason\":\"FRAUD\",\"couponPolicy\":\"KEEP_USED\"}");
    assertThat(text(answer.json(), "/coupon/outcome")).isEqualTo("STAYS_USED");
    assertThat(http.get("/api/coupons/" + kept).json().path("used").intValue()).isOne();

    String old = coupon("\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}");
    String other = place(old, "");
    Http.Response reissued =
        act(
            other,
            "cancel",
            "k",
            "{\"reason\":\"OTHER\",\"couponPolicy\":\"RELEASE_AND_REISSUE\"}");
    assertThat(text(reissued.json(), "/coupon/outcome")).isEqualTo("REISSUED");
    String code = text(reissued.json(), "/coupon/reissued");
    JsonNode given = http.get("/api/coupons/" + code).json();
    assertThat(given.path("customerId").asText()).isEqualTo(customer);
    assertThat(given.path("status").asText()).isEqualTo("ACTIVE");
    assertThat(http.get("/api/coupons/" + old).json().path("used").intValue()).isOne();
  }

  @Test
  void theTablesRefuseARefundOverTheTotalAndAReturnOverTheQuantity() {
    String order = place(null, "");

    assertThat(refusalOf("update orders set refunded = 88001 where id = '" + order + "'"))
        .contains("refunded_within_total");
    assertThat(refusalOf("update order_item set returned = 3 where order_id = '" + order + "'"))
        .contains("returned_within_quantity");
  }

  private String refusalOf(String sql) {
    try {
      jdbc.execute(sql);
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void awaitEffects(String order) {
    await()
        .until(
            () -> {
              JsonNode effects = http.get("/api/orders/" + order).json().path("effects");
              return text(effects, "/points/status").equals("DONE")
                  && !text(effects, "/coupon/status").equals("PENDING")
                  && text(effects, "/email/status").equals("DONE");
            });
  }

  private String coupon(String rules) {
    String code = "C-" + UUID.randomUUID();
    assertThat(http.post("/api/coupons", "{\"code\":\"" + code + "\"," + rules + "}").status())
        .isEqualTo(201);
    return code;
  }

  private String place(String coupon, String more) {
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s","email":"%s@example.com","name":"Minji"},"currency":"KRW",%s
             "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"39000"},
                      {"sku":"HT-001","name":"Hat","quantity":1,"unitPrice":"10000"}]%s}\
            """
                .formatted(
                    customer,
                    customer,
                    coupon == null ? "" : "\"couponCode\":\"" + coupon + "\",",
                    more));
    assertThat(placed.status()).as(placed.raw().body()).isEqualTo(201);
    return placed.json().path("orderId").asText();
  }

  private Http.Response cancel(String order, String key) {
    return act(order, "cancel", key, CUSTOMER_ASKED);
  }

  private Http.Response giveBack(String order, String key, int position, int quantity) {
    return act(
        order,
        "returns",
        key,
        "{\"reason\":\"CUSTOMER\",\"items\":[{\"position\":%d,\"quantity\":%d}]}"
            .formatted(position, quantity));
  }

  private Http.Response act(String order, String act, String key, String body) {
    return http.post("/api/orders/" + order + "/" + act, body, "Idempotency-Key", key);
  }

  private static List<String> errors(Http.Response response) {
    assertProblem(response, 422, "invalid-body");
    return response.json().path("errors").findValuesAsText("pointer");
  }

  private static String text(JsonNode tree, String pointer) {
    return tree.at(pointer).asText();
  }
}
