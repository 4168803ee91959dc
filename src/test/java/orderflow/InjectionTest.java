package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.platform.http.HttpEdgesTest;
import orderflow.platform.mailbox.ReceivedMail;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Harmful text in every field, over HTTP and over the topic; FileDropTest does it with files. */
@OrderflowTest
class InjectionTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @LocalServerPort private int port;
  @Autowired JdbcClient jdbc;

  /** Tells this test's keys and customers from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void namesComeOutAsTheyCameIn() {
    Map<String, String> typed = new LinkedHashMap<>();
    for (String text : Injections.TEXTS) {
      ObjectNode order = order();
      in(order, "/customer/name", text);
      in(order, "/items/0/name", text);
      in(order, "/customer/email", "\"${123456*7}<'--\"@example.com");
      Http.Response answer =
          http.post(
              "/api/orders", order.toString(), "Idempotency-Key", run + text.replace(" ", "_"));
      assertThat(answer.status()).as(answer.raw().body()).isEqualTo(201);
      String id = answer.json().path("orderId").textValue();
      assertThat(http.get("/api/orders/" + id).json().at("/items/0/name").textValue())
          .isEqualTo(text);
      typed.put(id, text);
    }
    List<ObjectNode> events = new ArrayList<>();
    for (String text : Injections.TEXTS) {
      ObjectNode event = event();
      for (String field :
          List.of("/customer/name", "/customer/locale", "/items/0/name", "/items/0/sku")) {
        in(event, field, text);
      }
      events.add(event);
      typed.put(event.path("orderId").textValue(), text);
    }
    ObjectNode broken = event();
    in(broken, "/customer/name", Injections.LINE_BREAK);
    in(broken, "/items/0/name", Injections.LINE_BREAK);
    events.add(broken);
    typed.put(broken.path("orderId").textValue(), "Kim");
    send(events);

    typed.forEach(
        (id, text) -> {
          await().until(() -> mails(id).size() == 1);
          ReceivedMail mail = mails(id).get(0);
          assertThat(mail.text().orElseThrow()).contains(text);
          // 123456 * 7; an id may have these digits, too.
          assertThat(mail.html().orElseThrow().replace(id, ""))
              .doesNotContain("<script>", "<img", "864192");
          assertThat(mail.header("Bcc")).isEmpty();
        });
  }

  @Test
  void whatIsNoNameIsRefusedOverHttp() {
    for (String text : Injections.TEXTS) {
      for (String field :
          List.of(
              "/customer/id",
              "/customer/email",
              "/customer/locale",
              "/currency",
              "/items/0/quantity",
              "/items/0/unitPrice",
              "/charges",
              "/couponCode")) {
        if (isName(field, text)) {
          continue;
        }
        ObjectNode order = order();
        in(order, field, text);
        Http.Response answer = http.post("/api/orders", order.toString());
        HttpEdgesTest.assertProblem(answer, 422, "invalid-body");
        assertThat(answer.json().at("/errors/0/pointer").textValue()).isEqualTo(field);
      }
      String coded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      for (String query : List.of("customerId", "from", "to", "limit", "cursor")) {
        boolean isName = query.equals("customerId") && isName("/customer/id", text);
        assertThat(http.get("/api/orders?" + query + "=" + coded).status())
            .isEqualTo(isName ? 200 : 400);
      }
      for (String path : List.of("orders/", "coupons/", "imports/", "dead-letters/")) {
        assertThat(http.send("GET", "/api/" + path + coded, BodyPublishers.noBody()).status())
            .isIn(400, 404);
      }
    }
    for (String field : List.of("/customer/name", "/items/0/name", "/customer/email")) {
      ObjectNode order = order();
      in(order, field, Injections.LINE_BREAK);
      HttpEdgesTest.assertProblem(http.post("/api/orders", order.toString()), 422, "invalid-body");
    }
  }

  @Test
  void whatIsNoNameIsADeadLetterOverTheTopic() {
    Map<String, String> consumers =
        Map.of(
            "/orderId", "email-consumer point-consumer",
            "/customer/id", "email-consumer point-consumer",
            "/customer/email", "email-consumer",
            "/currency", "email-consumer",
            "/total", "email-consumer point-consumer",
            "/couponCode", "coupon-consumer email-consumer");
    List<ObjectNode> events = new ArrayList<>();
    Map<String, String> expected = new HashMap<>();
    for (String text : Injections.TEXTS) {
      consumers.forEach(
          (field, names) -> {
            ObjectNode event = event();
            in(event, field, text);
            events.add(event);
            consumersOf(field, text, names).ifPresent(of -> expected.put(event.toString(), of));
          });
    }
    send(events);

    await().untilAsserted(() -> assertThat(deadLetters()).isEqualTo(expected));
  }

  private static Optional<String> consumersOf(String field, String text, String consumers) {
    if (!isName(field, text)) {
      return Optional.of(consumers);
    }
    return field.equals("/couponCode") ? Optional.of("coupon-consumer") : Optional.empty();
  }

  /** A customer's id may be any visible ASCII, a coupon's code any text without blanks. */
  private static boolean isName(String field, String text) {
    return switch (field) {
      case "/customer/id" -> text.matches("[!-~]{1,255}");
      case "/couponCode" -> text.matches("[^\\p{Z}\\p{C}]{1,64}");
      default -> false;
    };
  }

  private static ObjectNode order() {
    return tree(
        """
        {"customer":{"id":"c-typed","email":"kim@example.com","name":"Kim","locale":"en"},"currency":"KRW",
         "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"100"}]}\
        """);
  }

  private static ObjectNode event() {
    ObjectNode event = order();
    return event
        .put("orderId", UUID.randomUUID().toString())
        .put("subtotal", "100")
        .put("discount", "0")
        .put("total", "100")
        .putNull("couponCode")
        .put("completedAt", "2026-11-22T05:00:00.123Z");
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts a text into the field that a JSON Pointer names. */
  private static void in(ObjectNode tree, String pointer, String text) {
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) tree.at(pointer.substring(0, slash))).put(pointer.substring(slash + 1), text);
  }

  private void send(List<ObjectNode> events) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, RealServers.kafkaBrokers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (ObjectNode event : events) {
        producer.send(new ProducerRecord<>("order.completed", run, event.toString()));
      }
    }
  }

  private static List<ReceivedMail> mails(String order) {
    return RealServers.mailbox().mails().stream()
        .filter(mail -> mail.header("X-Order-Id").filter(order::equals).isPresent())
        .toList();
  }

  /** Which consumers gave up on which of this test's records. */
  private Map<String, String> deadLetters() {
    record Letter(String payload, String consumer) {}
    return jdbc
        .sql(
            "select convert_from(payload, 'UTF8') as payload, consumer from dead_letter"
                + " where key = convert_to(?, 'UTF8') order by consumer")
        .param(run)
        .query(Letter.class)
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                Letter::payload, Collectors.mapping(Letter::consumer, Collectors.joining(" "))));
  }
}
