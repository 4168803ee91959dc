package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import orderflow.order.NewOrder;

/**
 * A client as the contract wants one: what was not answered is sent again, to whichever instance is
 * there.
 */
final class DrillShop {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AWAY = 503;

  /** Who gets no answer in this time sends again, elsewhere. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<OrderflowServer> instances;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private volatile OrderflowServer avoided;

  DrillShop(List<OrderflowServer> instances) {
    this.instances = instances;
  }

  /** Places an order under its reference and returns its id, however long that takes. */
  String place(NewOrder order) throws InterruptedException {
    return send("POST", "/api/orders", ShopOrder.json(order), order.reference())
        .get("orderId")
        .textValue();
  }

  JsonNode post(String path, String json) throws InterruptedException {
    return send(
        "POST", path, json.getBytes(java.nio.charset.StandardCharsets.UTF_8), "drill" + path);
  }

  JsonNode get(String path) throws InterruptedException {
    return send("GET", path, new byte[0], null);
  }

  /**
   * Sends no more requests to an instance, as a load balancer that gets no answer to its checks.
   *
   * @param instance null: sends to all
   */
  void avoid(OrderflowServer instance) {
    avoided = instance;
  }

  /** How often a request had to be sent again. */
  int repeated() {
    return repeated.get();
  }

  private OrderflowServer next() {
    OrderflowServer next;
    do {
      next = instances.get(turn.getAndIncrement() % instances.size());
    } while (next == avoided && instances.size() > 1);
    return next;
  }

  private JsonNode send(String method, String path, byte[] body, String key)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      int port = next().port();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + Ports.ADDRESS + ":" + port + path))
              .timeout(LONGEST_WAIT)
              .header("Authorization", "Bearer " + OrderflowServer.API_KEY)
              .method(method, BodyPublishers.ofByteArray(body));
      if (key != null) {
        request.header("Content-Type", "application/json").header("Idempotency-Key", key);
      }
      try {
        HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 == 2) {
          return JSON.readTree(answer.body());
        }
        if (answer.statusCode() != AWAY) {
          throw new IllegalStateException(
              method + " " + path + ": " + answer.statusCode() + " " + new String(answer.body()));
        }
      } catch (IOException e) {
        // the instance is away; the answer, if there was one, is lost
      }
      repeated.incrementAndGet();
      if (failures % instances.size() == 0) { // each may be away
        Thread.sleep(100);
      }
    }
  }
}
