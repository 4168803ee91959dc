package orderflow;

import static orderflow.platform.http.HttpEdgesTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OrderflowTest
class FullDiskTest {

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;

  private final String customer = "c-" + UUID.randomUUID();

  @Test
  void anOrderThatHasNoRoomIsAskedForAgainAndTakenOnceThereIsSome() {
    try (FailingInserts inserts =
        FailingInserts.into(
            jdbc, "orders", "new.customer_id = '" + customer + "'", FailingInserts.DISK_FULL, 2)) {
      for (int attempt = 1; attempt <= 2; attempt++) {
        Http.Response refused = order();
        assertProblem(refused, 503, "unavailable");
        assertThat(refused.header("Retry-After")).isNotEmpty();
      }
      Http.Response taken = order();

      assertThat(taken.status()).isEqualTo(201);
      assertThat(taken.header("Idempotent-Replayed")).isEmpty();
      assertThat(order().raw().body()).isEqualTo(taken.raw().body());
    }
    assertThat(
            jdbc.sql("select count(*) from orders where customer_id = ?")
                .param(customer)
                .query(Integer.class)
                .single())
        .isEqualTo(1);
  }

  private Http.Response order() {
    return new Http(port)
        .post(
            "/api/orders",
            """
            {"customer":{"id":"%s","email":"kim@example.com","name":"Kim"},"currency":"KRW",
             "items":[{"sku":"S","name":"N","quantity":1,"unitPrice":"100"}]}"""
                .formatted(customer),
            "Idempotency-Key",
            customer);
  }
}
