package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class MetricsTest {

  private static final String ORDER =
      """
      {"customer":{"id":"c-metrics","email":"minji@example.com","name":"Minji"},"currency":"KRW",
       "items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"%s"}]}
      """;

  @LocalServerPort int port;

  @Test
  void showsWhatWaitsAndWhatBecameOfOrders() {
    Http http = new Http(port);
    String key = UUID.randomUUID().toString();
    double placed = value(http, "orderflow_orders_total{door=\"http\",outcome=\"placed\"}");
    double replayed = value(http, "orderflow_orders_total{door=\"http\",outcome=\"replayed\"}");
    double refused = value(http, "orderflow_orders_total{door=\"http\",outcome=\"refused\"}");

    http.post("/api/orders", ORDER.formatted(1), "Idempotency-Key", key);
    http.post("/api/orders", ORDER.formatted(1), "Idempotency-Key", key);
    http.post("/api/orders", ORDER.formatted(2), "Idempotency-Key", key);

    assertThat(value(http, "orderflow_orders_total{door=\"http\",outcome=\"placed\"}"))
        .isGreaterThanOrEqualTo(placed + 1);
    assertThat(value(http, "orderflow_orders_total{door=\"http\",outcome=\"replayed\"}"))
        .isGreaterThanOrEqualTo(replayed + 1);
    assertThat(value(http, "orderflow_orders_total{door=\"http\",outcome=\"refused\"}"))
        .isGreaterThanOrEqualTo(refused + 1);
    for (String gauge :
        new String[] {
          "orderflow_outbox_records",
          "orderflow_outbox_oldest_seconds{lane=\"live\"}",
          "orderflow_mails_queued",
          "orderflow_mails_due",
          "orderflow_mails_overdue_seconds",
          "orderflow_mail_server_away",
          "orderflow_mail_server_refuses",
          "orderflow_dead_letters_waiting{consumer=\"point-consumer\"}",
          "orderflow_orders_incomplete"
        }) {
      // Not a number where the database had no answer in a second.
      await()
          .untilAsserted(() -> assertThat(value(http, gauge)).as(gauge).isNotNaN().isNotNegative());
    }
  }

  @Test
  void healthNamesItsPartsAndSaysOfTheMailServerWhetherItTakesMails() {
    assertThat(
            new Http(port)
                .get("/actuator/health")
                .json()
                .at("/components/mailServer/status")
                .asText())
        .isIn("UP", "DEGRADED");
  }

  private static double value(Http http, String sample) {
    return http.get("/actuator/prometheus")
        .raw()
        .body()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .findFirst()
        .map(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .orElse(Double.NaN);
  }
}
