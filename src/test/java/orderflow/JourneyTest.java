package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import orderflow.platform.mailbox.ReceivedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The whole story, from outside: an order is placed, and what must happen happens. */
@OrderflowTest
@ExtendWith(OutputCaptureExtension.class)
class JourneyTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final ObjectMapper JSON = new ObjectMapper();

  @LocalServerPort int port;

  @Value("${orderflow.inbox}")
  Path inbox;

  /** Tells this test's customer, coupon and files from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void anOrderOverHttpEarnsPointsUsesItsCouponAndIsConfirmedByMail(CapturedOutput log)
      throws IOException {
    Http http = new Http(port);
    http.post(
        "/api/coupons",
        "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}".formatted(run));

    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%1$s","email":"minji@example.com","name":"김민지","locale":"ko","phone":"010-1234-5678"},
             "currency":"KRW",
             "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}],
             "couponCode":"%1$s"}\
            """
                .formatted(run),
            "traceparent",
            TRACE);

    assertThat(placed.status()).isEqualTo(201);
    String order = placed.json().get("orderId").textValue();
    assertThat(placed.header("Location")).isEqualTo("/api/orders/" + order);
    awaitEffects(http, order);

    assertThat(http.get("/api/customers/" + run + "/points").json().get("balance").longValue())
        .isEqualTo(702);
    assertThat(http.get("/api/coupons/" + run).json().get("used").intValue()).isEqualTo(1);

    TopicReader.Message earned = TopicReader.await("point.earned", order);
    assertThat(earned.key()).isEqualTo(run);
    assertThat(earned.header("traceparent")).isEqualTo(TRACE);
    assertThat(earned.header("ce_type")).isEqualTo("orderflow.point.earned.v1");
    assertThat(earned.json().get("points").longValue()).isEqualTo(702);
    JsonNode used = TopicReader.await("coupon.used", order).json();
    assertThat(used.get("couponCode").textValue()).isEqualTo(run);
    assertThat(used.get("discount").textValue()).isEqualTo("7800");
    JsonNode completed = TopicReader.await("order.completed", order).json();
    assertThat(completed.get("total").textValue()).isEqualTo("70200");
    assertThat(completed.get("customer"))
        .isEqualTo(
            JSON.readTree(
                "{\"id\":\"%s\",\"email\":\"minji@example.com\",\"name\":\"김민지\",\"locale\":\"ko\",\"phone\":\"010-1234-5678\"}"
                    .formatted(run)));

    ReceivedMail mail = mail(order);
    assertThat(mail.to()).isEqualTo("\"김민지\" <minji@example.com>");
    assertThat(mail.text().orElseThrow())
        .contains("린넨 셔츠", "₩39,000", "₩7,800", "₩70,200", "702", run, "010-1234-5678");
    assertThat(mail.html().orElseThrow()).contains("린넨 셔츠", "₩70,200");
    assertThat(mail.header("Message-ID")).hasValue("<order-" + order + "@orderflow.example>");
    assertThat(log).doesNotContain("minji@example.com", "김민지", "010-1234-5678");
    assertThat(http.get("/api/orders/" + order).json().toString())
        .as("what is shown of an order has none of what is personal")
        .doesNotContain("minji@example.com", "김민지", "010-1234-5678");
  }

  @Test
  void anOrderFromADroppedFileDoesTheSame(CapturedOutput log) throws IOException {
    Http http = new Http(port);
    Path being = inbox.resolve("." + run);
    Files.writeString(
        being,
        """
        orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode,customerPhone
        %1$s,%1$s,minji@example.com,"Kim, Minji",en,USD,TS-001,Linen shirt,2,120.50,,+1 212 555 0100
        %1$s,%1$s,minji@example.com,"Kim, Minji",en,USD,HT-001,Hat,1,59.00,,+1 212 555 0100
        """
            .formatted(run));
    Files.move(being, inbox.resolve(run + ".csv"));

    await().until(() -> http.get("/api/orders?customerId=" + run).json().get("orders").size() == 1);
    String order =
        http.get("/api/orders?customerId=" + run).json().at("/orders/0/orderId").textValue();
    awaitEffects(http, order);

    assertThat(http.get("/api/customers/" + run + "/points").json().get("balance").longValue())
        .isEqualTo(3);
    assertThat(TopicReader.await("point.earned", order).json().get("points").longValue())
        .isEqualTo(3);
    assertThat(mail(order).text().orElseThrow())
        .contains("Linen shirt", "$120.50", "$300.00", "+1 212 555 0100");
    await().until(() -> Files.exists(inbox.resolve("done").resolve(run + ".csv")));
    assertThat(log).doesNotContain("minji@example.com", "Kim, Minji", "+1 212 555 0100");
  }

  private static void awaitEffects(Http http, String order) {
    await()
        .untilAsserted(
            () -> {
              JsonNode effects = http.get("/api/orders/" + order).json().get("effects");
              assertThat(effects.at("/points/status").textValue()).isEqualTo("DONE");
              assertThat(effects.at("/coupon/status").textValue()).isIn("DONE", "NONE");
              assertThat(effects.at("/email/status").textValue()).isEqualTo("DONE");
            });
  }

  private static ReceivedMail mail(String order) {
    return RealServers.mailbox().mails().stream()
        .filter(mail -> mail.header("X-Order-Id").filter(order::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }
}
