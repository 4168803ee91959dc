package orderflow.mail;

import static orderflow.platform.http.HttpEdgesTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/** From a call of the API through the queue and SMTP to the mailbox. */
@OrderflowTest
class ReversalMailJourneyTest {

  @LocalServerPort private int port;
  @Autowired private JdbcTemplate jdbc;
  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | 주문이 취소되었습니다 | 총 환불 금액: ₩81,000 | 780포인트",
        "en | Your order was cancelled | Refund: ₩81,000 | 780 points",
        "de | Ihre Bestellung wurde storniert | Erstattungsbetrag: 81.000 ₩ | 780 Punkte"
      })
  void aCancellationAfterTheConfirmationIsMailedInTheCustomersLanguage(
      String language, String subject, String refund, String points) throws Exception {
    String order = place(language);
    awaitEffects(order);

    assertThat(act(order, "cancel", "{\"reason\":\"CUSTOMER\"}").at("/mail/outcome").asText())
        .isEqualTo("QUEUED");

    Received mail = mail(order, "order-" + order + "-cancelled");
    assertThat(mail.message().getSubject()).startsWith(subject + " (");
    assertThat(mail.text().replace('\u00a0', ' ')).contains("린넨 셔츠", refund, points);
    assertThat(mail.html()).contains("lang=\"" + language + "\"", "린넨 셔츠");
    assertThat(mail.message().getHeader("References"))
        .containsExactly(mail(order, "order-" + order).message().getMessageID());
    assertProblem(
        http.send("POST", "/api/orders/" + order + "/email/resend", ""),
        409,
        "order-already-cancelled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | 반품이 완료되었습니다 | 총 환불 금액: ₩39,000 | ₩42,000",
        "en | Your return is confirmed | Refund: ₩39,000 | ₩42,000",
        "de | Ihre Rückgabe ist bestätigt | Erstattungsbetrag: 39.000 ₩ | 42.000 ₩"
      })
  void eachReturnIsMailedInTheCustomersLanguage(
      String language, String subject, String refund, String kept) throws Exception {
    String order = place(language);
    awaitEffects(order);
    String oneShirt = "{\"reason\":\"CUSTOMER\",\"items\":[{\"position\":0,\"quantity\":1}]}";

    act(order, "returns", oneShirt);
    act(order, "returns", oneShirt);

    Received first = mail(order, "order-" + order + "-returned-2");
    assertThat(first.message().getSubject()).startsWith(subject + " (");
    assertThat(first.text().replace('\u00a0', ' ')).contains("1 × 린넨 셔츠", refund, kept);
    assertThat(mail(order, "order-" + order + "-returned-3").text().replace('\u00a0', ' '))
        .as("nothing is kept any more")
        .contains(refund)
        .doesNotContain(kept);
  }

  @Test
  void aCancellationThatIsNotToNotifySendsNoMail() {
    String order = place("en");
    awaitEffects(order);

    JsonNode plan = act(order, "cancel", "{\"reason\":\"FRAUD\",\"notify\":false}");

    assertThat(plan.at("/mail/outcome").asText()).isEqualTo("NONE");
    assertThat(kinds(order)).containsExactly("CONFIRMATION");
  }

  @Test
  void aReturnThatIsNotToNotifySendsNoMail() {
    String order = place("en");

    act(order, "returns", "{\"reason\":\"OTHER\",\"items\":\"REST\",\"notify\":false}");
    await()
        .until(
            () ->
                http.get("/api/orders/" + order)
                    .json()
                    .at("/effects/email/status")
                    .asText()
                    .equals("DONE"));

    assertThat(kinds(order)).containsExactly("CONFIRMATION");
  }

  @Test
  void whatWasWrittenAboutAReversalIsErasedWithItsCustomer() {
    String order = place("en");
    awaitEffects(order);
    JsonNode plan =
        act(order, "cancel", "{\"reason\":\"CUSTOMER\",\"note\":\"Minji moved to Busan\"}");
    mail(order, "order-" + order + "-cancelled");
    String customer = http.get("/api/orders/" + order).json().path("customerId").asText();

    assertThat(http.send("DELETE", "/api/customers/" + customer + "/personal-data", "").status())
        .isEqualTo(204);

    // Where it takes long, it goes on in the background.
    await()
        .untilAsserted(
            () -> {
              assertThat(
                      jdbc.queryForList("select event from mail where order_id = ?::uuid", order))
                  .hasSize(2)
                  .allSatisfy(mail -> assertThat(mail).containsEntry("event", ""));
              assertThat(
                      jdbc.queryForMap(
                          "select note, plan from reversal where id = ?::uuid",
                          plan.path("reversalId").asText()))
                  .containsEntry("note", null)
                  .extractingByKey("plan")
                  .asString()
                  .doesNotContain("Minji", "Busan");
            });
  }

  private List<String> kinds(String order) {
    return jdbc.queryForList("select kind from mail where order_id = ?::uuid", String.class, order);
  }

  private String place(String language) {
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"c-%s","email":"minji@example.com","name":"김민지","locale":"%s"},
             "currency":"KRW",
             "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}],
             "charges":[{"label":"배송비","amount":"3000"}]}\
            """
                .formatted(UUID.randomUUID(), language));
    assertThat(placed.status()).as(placed.raw().body()).isEqualTo(201);
    return placed.json().path("orderId").asText();
  }

  private void awaitEffects(String order) {
    await()
        .until(
            () -> {
              JsonNode effects = http.get("/api/orders/" + order).json().path("effects");
              return effects.at("/points/status").asText().equals("DONE")
                  && effects.at("/email/status").asText().equals("DONE");
            });
  }

  private JsonNode act(String order, String act, String body) {
    Http.Response done =
        http.post(
            "/api/orders/" + order + "/" + act,
            body,
            "Idempotency-Key",
            UUID.randomUUID().toString());
    assertThat(done.status()).as(done.raw().body()).isEqualTo(201);
    return done.json();
  }

  private static Received mail(String order, String id) {
    await().until(() -> !mails(order, id).isEmpty());
    return mails(order, id).get(0);
  }

  private static List<Received> mails(String order, String id) {
    return RealServers.mailbox().mails().stream()
        .filter(mail -> mail.header("X-Order-Id").filter(order::equals).isPresent())
        .filter(
            mail ->
                mail.header("Message-ID").filter(one -> one.startsWith("<" + id + "@")).isPresent())
        .map(mail -> Received.of(mail.message()))
        .toList();
  }
}
