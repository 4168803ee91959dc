package orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.http.HttpEdgesTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** More orders at once than can wait, for a database that takes none for a while. */
@OrderflowTest
class OverloadTest {

  private static final int TOO_MANY = 50;

  @LocalServerPort private int port;
  @Autowired private IntakeSettings intake;
  @Autowired private JdbcClient jdbc;
  @Autowired private TransactionTemplate transaction;

  private final String coupon = "overload-" + UUID.randomUUID().toString().substring(0, 8);
  private final String order =
      """
      {"customer":{"id":"c-overload","email":"kim@example.com","name":"Kim"},"currency":"KRW",
       "items":[{"sku":"S","name":"N","quantity":1,"unitPrice":"50"}],"couponCode":"%s"}\
      """
          .formatted(coupon);
  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void turnsAwayWhatCantWaitAndTakesTheRestWhenItCan() throws IOException {
    Http http = new Http(port);
    http.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"10"},"usageLimit":100000}\
        """
            .formatted(coupon));
    int room = intake.queueCapacity() + intake.writerThreads() * intake.batch();

    List<Socket> turnedAway =
        transaction.execute(
            status -> {
              jdbc.sql("select 1 from coupon where code = ? for update")
                  .param(coupon)
                  .query(Integer.class)
                  .single();
              for (int i = 0; i < room + TOO_MANY; i++) {
                clients.add(send());
              }
              await()
                  .atMost(intake.timeout().dividedBy(2))
                  .until(() -> answered().size() >= TOO_MANY);
              Http.Response further = http.post("/api/orders", order);
              HttpEdgesTest.assertProblem(further, 503, "overloaded");
              assertThat(further.header("Retry-After")).matches("[1-9][0-9]*");
              return answered();
            });

    List<Socket> taken = new ArrayList<>();
    for (Socket client : clients) {
      String answer = answer(client);
      assertThat(answer).matches("(?s)HTTP/1.1 (201 .*|503 .*/problems/overloaded.*)");
      if (answer.startsWith("HTTP/1.1 201")) {
        taken.add(client);
      }
    }
    assertThat(taken)
        .hasSizeGreaterThan(intake.queueCapacity())
        .doesNotContainAnyElementsOf(turnedAway);
    assertThat(http.post("/api/orders", order).status()).isEqualTo(201);
  }

  private Socket send() {
    try {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("POST /api/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                      + OrderflowTest.API_KEY
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + order.length()
                      + "\r\n\r\n"
                      + order)
                  .getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Socket> answered() {
    return clients.stream().filter(OverloadTest::isAnswered).toList();
  }

  private static boolean isAnswered(Socket client) {
    try {
      return client.getInputStream().available() > 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String answer(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
