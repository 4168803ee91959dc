package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class ConsoleReversalsTest {

  private static final String HOSTILE = "<script>alert('반품')</script>\"&${1234*5678}";
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

  @LocalServerPort int port;

  private final String customer = "c-" + UUID.randomUUID();
  private Http http;
  private Visitor visitor;

  @BeforeEach
  void logIn() {
    http = new Http(port);
    visitor = Visitor.withKey(port, OrderflowTest.API_KEY);
  }

  @Test
  void aReturnIsPreviewedInWordsAndDoneOnceForTwoClicks() {
    String order = settled(place());
    String page = "/console/orders/" + order + "/returns";
    assertThat(visitor.get("/console/orders/" + order).body())
        .contains("href=\"" + page, "/cancel\"", "/goodwill\"");

    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(Map.of("quantity-0", "1", "reason", "CUSTOMER", "note", HOSTILE, "notify", "on"));
    Visitor.Page sure = visitor.submit(page, typed);

    assertThat(sure.status()).as(sure.body()).isEqualTo(200);
    assertThat(sure.body())
        .contains("Nothing has happened yet", "Linen shirt")
        .contains("₩36,784", "at most ₩83,000", "Return, refund ₩36,784")
        .contains("368 are taken back; the order keeps 462.")
        .contains("stays as it is.", "The customer gets a receipt of the return.")
        .contains("Partly returned, ₩46,216 of it stay paid")
        .contains("If-Match: &quot;1&quot;", "Idempotency-Key: " + typed.get("key"))
        .contains("/api/orders/" + order + "/reversals/preview")
        .doesNotContain("<script>alert");
    assertThat(http.get("/api/orders/" + order).json().path("status").asText())
        .isEqualTo("COMPLETED");

    Map<String, String> confirmed = hidden(sure);
    confirmed.put("step", "do");
    Visitor.Page done = visitor.submit(page, confirmed);
    Visitor.Page again = visitor.submit(page, confirmed);

    assertThat(done.location()).isEqualTo("/console/orders/" + order + "?done=returns");
    assertThat(again.location()).isEqualTo(done.location());
    JsonNode reversals = http.get("/api/orders/" + order + "/reversals").json().path("reversals");
    assertThat(reversals).hasSize(1);
    assertThat(reversals.at("/0/refund/amount").asText()).isEqualTo("36784");
    assertThat(visitor.get(done.location()).body())
        .contains("The return is booked.", "Partly returned", "1 returned", "! Due")
        .contains("/console/reversals/" + reversals.at("/0/reversalId").asText())
        .doesNotContain("/cancel\"");
    assertThat(visitor.get("/console/audit").body()).contains("Took a return");
  }

  @Test
  void aChangeSinceThePreviewShowsTheNewOneAndLosesNothing() {
    String order = settled(place());
    String page = "/console/orders/" + order + "/returns";
    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(Map.of("quantity-0", "1", "reason", "OTHER", "note", "a note"));
    Map<String, String> confirmed = hidden(visitor.submit(page, typed));
    confirmed.put("step", "do");
    assertThat(confirmed).containsEntry("version", "1");
    http.post(
        "/api/orders/" + order + "/goodwill",
        "{\"amount\":\"60000\",\"why\":\"late\"}",
        "Idempotency-Key",
        "goodwill");

    Visitor.Page changed = visitor.submit(page, confirmed);

    assertThat(changed.status()).isEqualTo(412);
    assertThat(changed.body())
        .contains("The order has changed since.", "only 23000 of 36784 are left to refund")
        .contains("Return, refund ₩23,000");
    Map<String, String> anew = hidden(changed);
    assertThat(anew)
        .containsEntry("version", "2")
        .containsEntry("key", typed.get("key"))
        .containsEntry("quantity-0", "1")
        .containsEntry("note", "a note");
    anew.put("step", "do");
    assertThat(visitor.submit(page, anew).status()).isEqualTo(303);
    assertThat(http.get("/api/orders/" + order).json().path("refunded").asText())
        .isEqualTo("83000");
  }

  @Test
  void whatWasTypedIsThereAgainOnTheWayBack() {
    String order = place();
    String page = "/console/orders/" + order + "/returns";
    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(
        Map.of("rest", "on", "reason", "FRAUD", "note", "a note", "belowMinimum", "REPRICE"));
    Map<String, String> sure = hidden(visitor.submit(page, typed));
    sure.put("step", "edit");

    String form = visitor.submit(page, sure).body();

    assertThat(form)
        .contains("name=\"key\" value=\"" + typed.get("key"))
        .contains("name=\"rest\" type=\"checkbox\" checked")
        .contains("value=\"FRAUD\" selected", "value=\"REPRICE\" selected", ">a note</textarea>")
        .doesNotContain("name=\"notify\" type=\"checkbox\" checked");
  }

  @Test
  void anOrderIsCancelledWithItsPointsAndCoupon() {
    String order = settled(place());
    String page = "/console/orders/" + order + "/cancel";
    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(Map.of("reason", "OUT_OF_STOCK", "notify", "on"));

    Visitor.Page sure = visitor.submit(page, typed, "Accept-Language", "ko");
    assertThat(sure.body()).contains("주문 취소, ₩83,000 환불", "830포인트를 회수", "고객에게 취소 메일을 보냅니다.");
    Map<String, String> confirmed = hidden(sure);
    confirmed.put("step", "do");
    assertThat(visitor.submit(page, confirmed).location()).endsWith("?done=cancel");

    assertThat(http.get("/api/orders/" + order).json().path("status").asText())
        .isEqualTo("CANCELLED");
    String after = visitor.get("/console/orders/" + order).body();
    assertThat(after)
        .contains("Cancelled", "830 points were taken back.", "The order was cancelled")
        .doesNotContain("/cancel\"", "/returns\"", "/goodwill\"");
    // a form that was open in another tab
    Visitor.Page late = visitor.submit(page, typed);
    assertThat(late.status()).isEqualTo(422);
    assertThat(late.body()).contains("The order is cancelled already.");
  }

  @Test
  void goodwillIsGivenOnceThoughItsFormIsSentWithOtherContent() {
    String order = place();
    String page = "/console/orders/" + order + "/goodwill";
    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(Map.of("amount", "5000", "why", "late parcel"));
    Map<String, String> confirmed = hidden(visitor.submit(page, typed));
    confirmed.put("step", "do");
    assertThat(visitor.submit(page, confirmed).location()).endsWith("?done=goodwill");

    confirmed.put("amount", "6000");
    Visitor.Page other = visitor.submit(page, confirmed);

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body()).contains("This form was sent before", "value=\"6000\"");
    assertThat(hidden(other).get("key")).isNotEqualTo(typed.get("key"));
    assertThat(http.get("/api/orders/" + order).json().path("refunded").asText()).isEqualTo("5000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "returns  | quantity-0 | 0     | Say how much of what comes back.  | quantity-0",
        "returns  | quantity-0 | 3     | More is to be returned than is left. |",
        "returns  | quantity-1 | many  | Comes back: must be               | quantity-1",
        "returns  | refundAmount | -1  | Amount: must not be negative      | refundAmount",
        "goodwill | amount     | 83001 | No more than 83000 is left        |",
        "goodwill | amount     | 0.5   | Amount: must have no more than 0 decimals | amount",
        "goodwill | amount     |       | Amount: is required               | amount",
        "cancel   | reason     | BORED | Reason: must be one of            | reason",
      })
  void whatIsWrongIsSaidBesideItsFieldAndNothingIsLost(
      String act, String field, String value, String said, String link) {
    String order = place();
    String page = "/console/orders/" + order + "/" + act;
    Map<String, String> typed = hidden(visitor.get(page));
    typed.putAll(Map.of("reason", "OTHER", "note", "kept", "why", "kept"));
    if (field.startsWith("refund")) {
      typed.put("quantity-0", "1");
    }
    typed.put(field, value == null ? "" : value);

    Visitor.Page wrong = visitor.submit(page, typed);

    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body())
        .contains(said, ">kept</textarea>", "name=\"key\" value=\"" + typed.get("key"));
    if (link != null) {
      assertThat(wrong.body()).contains("href=\"#" + link + "\"", "id=\"" + link + "\"");
    }
    assertThat(http.get("/api/orders/" + order).json().path("version").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "returns", "goodwill"})
  void eachFormIsWholeInBothLanguagesAndUnknownOrdersAreNotFound(String act) {
    String order = place();
    for (String language : List.of("en", "ko")) {
      Visitor.Page page =
          visitor.get("/console/orders/" + order + "/" + act, "Accept-Language", language);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).containsOnlyOnce("<h1>").contains("</html>");
    }
    String unknown = "/console/orders/" + UUID.randomUUID() + "/" + act;
    assertThat(visitor.get(unknown).status()).isEqualTo(404);
    assertThat(visitor.submit(unknown, Map.of("reason", "OTHER")).status()).isEqualTo(404);
  }

  @Test
  void aRefundIsListedUntilItIsReportedAsPaid() {
    String order = place();
    String reversal =
        http.post(
                "/api/orders/" + order + "/goodwill",
                "{\"amount\":\"5000\",\"why\":\"late\"}",
                "Idempotency-Key",
                "goodwill")
            .json()
            .path("reversalId")
            .asText();
    String page = "/console/reversals/" + reversal;
    assertThat(visitor.get("/console/reversals?refundState=DUE").body())
        .contains(page, "₩5,000", "/api/reversals?refundState=DUE");
    assertThat(visitor.get("/console/go?q=" + reversal).location()).isEqualTo(page);

    Visitor.Page wrong =
        visitor.submit(page + "/refund", Map.of("state", "SETTLED", "detail", "by transfer"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body())
        .contains("Reference: is required", "href=\"#reference\"", "value=\"by transfer\"");
    assertThat(visitor.submit(page + "/refund", Map.of("state", "FAILED")).location())
        .isEqualTo(page + "?done=refund");
    assertThat(visitor.get(page).body()).contains("✗ Failed", "It is due again");
    assertThat(visitor.get("/console/reversals?refundState=FAILED").body()).contains(page);
    Map<String, String> paid = Map.of("state", "SETTLED", "reference", "pay-7741");
    visitor.submit(page + "/refund", paid);
    assertThat(visitor.submit(page + "/refund", paid).status()).isEqualTo(303);

    assertThat(visitor.get(page).body())
        .contains("✓ Paid", "pay-7741")
        .doesNotContain("name=\"state\"");
    assertThat(visitor.get("/console/orders/" + order).body())
        .contains("✓ Paid", "The refund was reported as SETTLED.");
    Visitor.Page other =
        visitor.submit(page + "/refund", Map.of("state", "SETTLED", "reference", "pay-2"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body()).contains("another payment was reported before");
  }

  /** The fields that a page's form sends unseen. */
  private static Map<String, String> hidden(Visitor.Page page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher inputs = HIDDEN.matcher(page.body());
    while (inputs.find()) {
      fields.put(
          inputs.group(1),
          inputs
              .group(2)
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&quot;", "\"")
              .replace("&#39;", "'")
              .replace("&amp;", "&"));
    }
    fields.remove("csrf");
    fields.remove("back");
    return fields;
  }

  private String place() {
    String coupon = "TAKE-BACK-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"FIXED","value":"5000"},"currency":"KRW","usageLimit":1}\
        """
            .formatted(coupon));
    return http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s","email":"minji@example.com","name":"Kim","locale":"en"},"currency":"KRW",
             "items":[{"sku":"TS-001","name":"Linen shirt","quantity":2,"unitPrice":"39000"},
                      {"name":"Hat","quantity":1,"unitPrice":"10000"}],"couponCode":"%s"}\
            """
                .formatted(customer, coupon))
        .json()
        .path("orderId")
        .asText();
  }

  /** Waits for the order's points, coupon and mail. */
  private String settled(String order) {
    await()
        .untilAsserted(
            () -> {
              JsonNode effects = http.get("/api/orders/" + order).json().path("effects");
              for (String effect : List.of("points", "coupon", "email")) {
                assertThat(effects.at("/" + effect + "/status").asText()).isEqualTo("DONE");
              }
            });
    return order;
  }
}
