package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Events too large for the producer and for the real broker, between others of the same customer.
 */
@OrderflowTest
class RefusedByBrokerTest {

  private static final String ORDER =
      """
      {"customer":{"id":"%s","email":"minji@example.com","name":"Minji"},
       "currency":"KRW","items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"1000"}]}
      """;

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactions;

  private final String customer = "c-" + UUID.randomUUID();

  @Test
  void aRecordTheBrokerWillNeverTakeIsADeadLetterAndHoldsUpNobody() throws Exception {
    Http http = new Http(port);
    UUID tooLarge = UUID.randomUUID();
    UUID tooLargeForTheTopic = UUID.randomUUID();
    limitRecords(100_000);
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              for (int i = 0; i < 8; i++) {
                insert(UUID.randomUUID(), 10);
                if (i == 3) {
                  insert(tooLarge, 3_000_000);
                  insert(tooLargeForTheTopic, 700_000);
                }
              }
            });
    String after =
        http.post("/api/orders", ORDER.formatted(customer)).json().get("orderId").textValue();

    await()
        .until(
            () ->
                http.get("/api/customers/" + customer + "/points").json().get("balance").longValue()
                    == 9 * 10);
    assertThat(http.get("/api/orders/" + after).json().at("/effects/points/status").textValue())
        .isEqualTo("DONE");
    await().until(() -> deadLetters(tooLarge) == 3);
    await().until(() -> deadLetters(tooLargeForTheTopic) == 3);

    long letter =
        jdbc.sql("select id from dead_letter where order_id = ? and consumer = 'point-consumer'")
            .param(tooLarge)
            .query(Long.class)
            .single();
    JsonNode shown = http.get("/api/dead-letters/" + letter).json();
    assertThat(shown.get("error").textValue()).startsWith("RecordTooLargeException");
    assertThat(shown.get("state").textValue()).isEqualTo("WAITING");
    http.send("POST", "/api/dead-letters/" + letter + "/replay", "");
    await()
        .until(
            () ->
                http.get("/api/customers/" + customer + "/points").json().get("balance").longValue()
                    == 10 * 10);
  }

  @AfterEach
  void takeLargeRecordsAgain() throws Exception {
    limitRecords(2 * 1024 * 1024);
  }

  private static void limitRecords(int bytes) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()))) {
      AlterConfigOp limit =
          new AlterConfigOp(
              new ConfigEntry("max.message.bytes", String.valueOf(bytes)),
              AlterConfigOp.OpType.SET);
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "order.completed");
      admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
      // The controller has it; the broker takes records by the older limit until it has it, too.
      await()
          .until(
              () ->
                  admin
                      .describeConfigs(List.of(topic))
                      .all()
                      .get()
                      .get(topic)
                      .get("max.message.bytes")
                      .value()
                      .equals(String.valueOf(bytes)));
    }
  }

  private int deadLetters(UUID order) {
    return jdbc.sql("select count(*) from dead_letter where order_id = ?")
        .param(order)
        .query(Integer.class)
        .single();
  }

  private void insert(UUID order, int padding) {
    String event =
        """
        {"orderId":"%s","customer":{"id":"%s","email":"m@example.com","name":"M"},"currency":"KRW",
         "items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"1000"}],"subtotal":"1000","discount":"0",
         "total":"1000","completedAt":"2026-11-22T05:00:00Z","padding":"%s"}
        """
            .formatted(order, customer, "x".repeat(padding));
    jdbc.sql(
            "insert into outbox (topic, key, payload, subject, created_at) values ('order.completed', ?, ?, ?, now())")
        .params(
            customer.getBytes(StandardCharsets.UTF_8),
            event.getBytes(StandardCharsets.UTF_8),
            order)
        .update();
  }
}
