package orderflow.reversal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import orderflow.TopicReader;
import orderflow.platform.retry.BackgroundLoop;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records on order.cancelled and order.returned, of other systems and our own that come back. */
@OrderflowTest
class ReversalEventsTest {

  private static final String CANCELLED = "order.cancelled";
  private static final String RETURNED = "order.returned";

  private static KafkaProducer<byte[], byte[]> producer;

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired SlotRetention retention;

  @Autowired
  @Qualifier("deadLetterReplay") BackgroundLoop replays;

  private Http http;
  private final String customer = "c-" + UUID.randomUUID();

  @BeforeAll
  static void connect() {
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, RealServers.kafkaBrokers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void disconnect() {
    producer.close();
  }

  @BeforeEach
  void openClient() {
    http = new Http(port);
  }

  @Test
  void anOrderThatAnotherSystemCancelsIsCancelledOnce() {
    String order = place();
    String event = cancelled(order, "shop-4711");

    IntStream.range(0, 3).forEach(i -> send(CANCELLED, event));
    send(CANCELLED, cancelled(order, "shop-4712"));
    awaitHandled(CANCELLED);

    JsonNode seen = http.get("/api/orders/" + order).json();
    assertThat(seen.path("status").asText()).isEqualTo("CANCELLED");
    assertThat(seen.path("refunded").asText()).isEqualTo("78000");
    assertThat(
            texts("select reference || ' ' || actor from reversal where order_id = ?::uuid", order))
        .containsExactly("shop-4711 order.cancelled");
    assertThat(deadLetters(order)).isEmpty();
  }

  @Test
  void ourOwnEventsComeBackAndChangeNothing() {
    String order = place();
    String other = place();
    http.post(
        "/api/orders/" + order + "/cancel", "{\"reason\":\"OTHER\"}", "Idempotency-Key", "key-1");
    http.post(
        "/api/orders/" + other + "/returns",
        "{\"reason\":\"OTHER\",\"items\":[{\"position\":0,\"quantity\":1}]}",
        "Idempotency-Key",
        "key-1");

    TopicReader.await(CANCELLED, order);
    TopicReader.await(RETURNED, other);
    awaitHandled(CANCELLED);
    awaitHandled(RETURNED);

    assertThat(texts("select reference from reversal where order_id = ?::uuid", order))
        .containsExactly("key-1");
    assertThat(texts("select reference from reversal where order_id = ?::uuid", other))
        .containsExactly("key-1");
    assertThat(deadLetters(order)).isEmpty();
    await().until(() -> metric("own") >= 2);
  }

  @Test
  void anOrderThatIsCancelledBeforeItComesHasNoEffectHoweverOftenItComes() {
    String coupon = coupon();
    String order = UUID.randomUUID().toString();
    double kept = metric("kept-places");

    send(CANCELLED, cancelled(order, "shop-1"));
    await().until(() -> !reversals(order).isEmpty());
    IntStream.range(0, 5).forEach(i -> send("order.completed", completed(order, coupon)));
    awaitCompletedHandled();

    assertThat(balance()).as("of the order that was waited for alone").isEqualTo(1);
    assertThat(uses(coupon)).isEqualTo("0 0");
    assertThat(texts("select kind || ' ' || state from mail where order_id = ?::uuid", order))
        .containsExactly("CONFIRMATION SUPPRESSED");
    assertThat(deadLetters(order)).isEmpty();
    assertThat(reversals(order)).containsExactly("CANCEL 2 12000 NONE");
    assertThat(metric("kept-places")).isGreaterThan(kept);
  }

  @Test
  void anOrderOfAnotherSystemThatIsCancelledAfterItsEffectsLosesThem() {
    String coupon = coupon();
    String order = UUID.randomUUID().toString();
    send("order.completed", completed(order, coupon));
    await()
        .until(
            () ->
                texts("select state from mail where order_id = ?::uuid", order)
                        .equals(List.of("SENT"))
                    && uses(coupon).equals("0 1")
                    && balance() == 702);

    send(CANCELLED, cancelled(order, "shop-1").replace("\"12000\"", "1.2e4").replace("KRW", "EUR"));
    await().until(() -> balance() == 0);

    assertThat(uses(coupon)).isEqualTo("0 0");
    assertThat(texts("select kind from mail where order_id = ?::uuid order by kind", order))
        .containsExactly("CONFIRMATION", "ORDER_CANCELLED");
    TopicReader.Message points = TopicReader.await("point.changed", order);
    assertThat(points.json().path("points").longValue()).isEqualTo(-702);
    assertThat(points.header("ce_type")).isEqualTo("orderflow.point.reversed.v1");
    assertThat(points.header("ce_causationid")).isEqualTo("event-shop-1");
    JsonNode released = TopicReader.await("coupon.released", order).json();
    assertThat(released.path("couponCode").asText()).isEqualTo(coupon);
    assertThat(released.path("discount").asText()).isEqualTo("7800.00");
    String id = texts("select id::text from reversal where order_id = ?::uuid", order).get(0);
    assertThat(http.get("/api/reversals/" + id).json().at("/refund/amount").asText())
        .isEqualTo("12000.00");
    send("order.completed", completed(order, coupon));
    awaitCompletedHandled();
    assertThat(uses(coupon)).isEqualTo("0 0");
    assertThat(balance()).as("of the order that was waited for alone").isEqualTo(1);
  }

  @Test
  void thePlacesOfOrdersThatNeverCameAreFreedInTime() {
    String old = UUID.randomUUID().toString();
    String recent = UUID.randomUUID().toString();
    send(CANCELLED, cancelled(old, "shop-1"));
    send(CANCELLED, cancelled(recent, "shop-2"));
    awaitHandled(CANCELLED);
    jdbc.sql("update reversal set created_at = now() - interval '91 days' where order_id = ?::uuid")
        .param(old)
        .update();

    retention.freeSome();

    for (String table : List.of("point_entry", "coupon_redemption", "mail")) {
      assertThat(count(table + " where order_id = ?::uuid", old)).as(table).isZero();
      assertThat(count(table + " where order_id = ?::uuid", recent)).as(table).isOne();
    }
    assertThat(reversals(old)).hasSize(1);
    send("order.completed", completed(old, null));
    await().until(() -> balance() == 702);
  }

  @Test
  void aReturnOfAnotherSystemIsTakenOnceAndOneOfTooMuchIsADeadLetter() {
    String order = place();
    send(RETURNED, returned(order, "r-1", 1));
    send(RETURNED, returned(order, "r-1", 1));
    send(RETURNED, returned(order, "r-2", 2));
    send(RETURNED, returned(order, "r-3", 1));
    send(RETURNED, returned(order, "r-4", 1));
    send(RETURNED, returned(order, "r-5", 1).replace("\"position\":0", "\"position\":9"));
    awaitHandled(RETURNED);
    send(CANCELLED, cancelled(order, "r-6"));
    awaitHandled(CANCELLED);

    JsonNode seen = http.get("/api/orders/" + order).json();
    assertThat(seen.path("status").asText()).isEqualTo("RETURNED");
    assertThat(seen.path("refunded").asText()).isEqualTo("78000");
    assertThat(texts("select reference from reversal where order_id = ?::uuid order by id", order))
        .containsExactly("r-1", "r-3");
    assertThat(deadLetters(order))
        .containsExactlyInAnyOrder(
            "reversal-consumer more is to be returned than is left of the order",
            "reversal-consumer /items/0/position must be one of the order's: 0 to 0");
  }

  @Test
  void aCancellationOfAnOrderWithReturnsIsADeadLetter() {
    String order = place();
    send(RETURNED, returned(order, "r-1", 1));
    awaitHandled(RETURNED);

    send(CANCELLED, cancelled(order, "c-1"));

    await().until(() -> !deadLetters(order).isEmpty());
    assertThat(deadLetters(order))
        .containsExactly(
            "reversal-consumer the order has returns: what is left of it can be returned");
    assertThat(
            TopicReader.await("order.cancelled.dlt", 1, message -> message.hasKey(customer))
                .get(0)
                .header("consumer"))
        .isEqualTo("reversal-consumer");
  }

  @Test
  void aReturnThatComesBeforeItsOrderWaitsAndIsTakenWhenTheOrderIsThere() {
    String byItself = UUID.randomUUID().toString();
    String byOperator = UUID.randomUUID().toString();
    send(RETURNED, returned(byItself, "r-1", 1));
    send(RETURNED, returned(byOperator, "r-2", 1));
    await().until(() -> !deadLetters(byOperator).isEmpty());
    assertThat(deadLetters(byItself))
        .containsExactly("reversal-consumer order " + byItself + " is not known here");
    assertThat(pause(byItself)).isEqualTo(30);

    for (int attempts = 2; attempts <= 9; attempts++) {
      retryNow(byItself);
      int tried = attempts;
      await().until(() -> attempts(byItself) == tried);
      assertThat(pause(byItself)).isEqualTo(Math.min(3_600, 30 << attempts - 1));
    }
    jdbc.sql("update dead_letter set retry_until = now() where order_id = ?::uuid")
        .param(byOperator)
        .update();
    retryNow(byOperator);
    await().until(() -> attempts(byOperator) == 2);
    assertThat(count("dead_letter where retry_at is not null and order_id = ?::uuid", byOperator))
        .as("tried again after a day")
        .isZero();

    insert(byItself);
    insert(byOperator);
    retryNow(byItself);
    String id =
        texts("select id::text from dead_letter where order_id = ?::uuid", byOperator).get(0);
    assertThat(http.post("/api/dead-letters/" + id + "/replay", "").status()).isEqualTo(202);

    for (String order : List.of(byItself, byOperator)) {
      await()
          .until(
              () ->
                  texts("select state from dead_letter where order_id = ?::uuid", order)
                      .equals(List.of("REPLAYED")));
      assertThat(http.get("/api/orders/" + order).json().path("status").asText())
          .isEqualTo("PARTIALLY_RETURNED");
    }
  }

  @Test
  void jsonInAnyWrappingIsReadAndAllElseIsADeadLetterOfThisConsumerAlone() {
    List<String> orders =
        IntStream.range(0, 6).mapToObj(i -> UUID.randomUUID().toString()).toList();
    List<byte[]> readable =
        List.of(
            bytes("\uFEFF" + cancelled(orders.get(0), "a")),
            concat(new byte[] {0, 0, 0, 0, 7}, bytes(cancelled(orders.get(1), "b"))),
            bytes(
                "{\"specversion\":\"1.0\",\"id\":\"e\",\"type\":\"com.example\",\"data\":"
                    + cancelled(orders.get(2), "c")
                    + "}"),
            bytes("{\"orderId\":\"" + orders.get(3) + "\"}"),
            bytes("{\"orderId\":\"" + orders.get(4) + "\",\"reason\":\"WHIM\",\"refund\":12.5}"),
            bytes("{\"orderId\":\"" + orders.get(5) + "\",\"reversalId\":null,\"currency\":\"\"}"));
    List<byte[]> unreadable =
        List.of(
            bytes("no json"),
            bytes("[]"),
            bytes("{}"),
            bytes("{\"orderId\":\"" + UUID.randomUUID() + "\",\"currency\":\"???\"}"),
            bytes("{\"orderId\":\"" + UUID.randomUUID() + "\",\"refund\":-1}"),
            bytes("\u0000\u0000\u0000\u0000{"),
            concat(new byte[] {(byte) 0xC3, 0}, bytes("{")));

    readable.forEach(value -> producer.send(record(CANCELLED, value)));
    unreadable.forEach(value -> producer.send(record(CANCELLED, value)));
    producer.send(record(CANCELLED, null));
    ProducerRecord<byte[], byte[]> later =
        record(CANCELLED, bytes(cancelled(UUID.randomUUID().toString(), "d")));
    later.headers().add("ce_type", bytes("orderflow.order.cancelled.v2"));
    producer.send(later);
    ProducerRecord<byte[], byte[]> misplaced =
        record(CANCELLED, bytes(completed(UUID.randomUUID().toString(), null)));
    misplaced.headers().add("ce_type", bytes("orderflow.order.completed.v1"));
    producer.send(misplaced);
    awaitHandled(CANCELLED);

    for (String order : orders) {
      assertThat(reversals(order)).as(order).hasSize(1);
    }
    assertThat(reversals(orders.get(4))).containsExactly("CANCEL 2 12.5 NONE");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        jdbc.sql(
                                "select consumer from dead_letter where key = convert_to(?,"
                                    + " 'UTF8')")
                            .param(customer)
                            .query(String.class)
                            .list())
                    .hasSize(unreadable.size() + 3)
                    .containsOnly("reversal-consumer"));
    assertThat(
            texts(
                "select error from dead_letter where error like 'is an event of %' and key ="
                    + " convert_to(?, 'UTF8')",
                customer))
        .containsExactlyInAnyOrder(
            "is an event of version 2, and only 1 is known",
            "is an event of order.completed, not of order.cancelled");
  }

  /** A lock that is held for longer than a statement may wait. */
  @Test
  void anOrderThatIsLockedForLongIsCancelledWhenItIsFree() throws Exception {
    String order = place();
    try (Connection other = RealServers.superuser().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select from orders where id = '" + order + "' for update");
      send(CANCELLED, cancelled(order, "shop-1"));
      await()
          .until(
              () ->
                  count(
                          "pg_stat_activity where wait_event_type = 'Lock' and query like ?",
                          "select * from orders where id = %")
                      == 1);
      other.rollback();
    }
    await().until(() -> reversals(order).size() == 1);
    assertThat(deadLetters(order)).isEmpty();
  }

  /** Handles what came before on this customer's partition: this one comes last. */
  private void awaitHandled(String topic) {
    String last = UUID.randomUUID().toString();
    if (topic.equals(CANCELLED)) {
      send(topic, cancelled(last, "last"));
      await().until(() -> !reversals(last).isEmpty());
    } else {
      send(topic, returned(last, "last", 1));
      await().until(() -> !deadLetters(last).isEmpty());
    }
  }

  private void awaitCompletedHandled() {
    String last = UUID.randomUUID().toString();
    send("order.completed", completed(last, null).replace("\"78000\"", "\"7900\""));
    await()
        .until(
            () ->
                count("point_entry where order_id = ?::uuid", last) == 1
                    && count("mail where order_id = ?::uuid", last) == 1);
  }

  private void retryNow(String order) {
    jdbc.sql("update dead_letter set retry_at = now() where order_id = ?::uuid")
        .param(order)
        .update();
    replays.wake(); // which it does by itself once a second
  }

  private int attempts(String order) {
    return jdbc.sql("select attempts from dead_letter where order_id = ?::uuid")
        .param(order)
        .query(Integer.class)
        .single();
  }

  private int pause(String order) {
    return jdbc.sql(
            "select extract(epoch from retry_at - failed_at)::int from dead_letter where order_id ="
                + " ?::uuid")
        .param(order)
        .query(Integer.class)
        .single();
  }

  private void insert(String order) {
    jdbc.sql(
            """
            insert into orders (id, customer_id, customer_email, customer_name, locale, currency,
              subtotal, discount, total, created_at)
            values (?::uuid, ?, '', 'Minji', 'en', 'KRW', 78000, 0, 78000, now())
            """)
        .params(order, customer)
        .update();
    jdbc.sql("insert into order_item values (?::uuid, 0, 'A', 'Shirt', 2, 39000)")
        .param(order)
        .update();
  }

  private String place() {
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s","name":"Minji"},"currency":"KRW",
             "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"39000"}]}\
            """
                .formatted(customer));
    assertThat(placed.status()).isEqualTo(201);
    return placed.json().path("orderId").asText();
  }

  private String coupon() {
    String code = "C-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        "{\"code\":\"" + code + "\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}");
    return code;
  }

  private String completed(String order, String coupon) {
    return """
    {"orderId":"%s","customer":{"id":"%s","email":"%s@example.com","name":"Kim","locale":"en"},"currency":"KRW",
     "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"39000"}],
     "subtotal":"78000","discount":"7800","total":"70200",%s"completedAt":"%s"}\
    """
        .formatted(
            order,
            customer,
            customer,
            coupon == null ? "" : "\"couponCode\":\"" + coupon + "\",",
            Instant.now());
  }

  private String cancelled(String order, String reversal) {
    return """
    {"orderId":"%s","customerId":"%s","currency":"KRW","reversalId":"%s","refund":"12000","reason":"CUSTOMER",
     "cancelledAt":"2026-11-29T05:00:00Z","x":1}\
    """
        .formatted(order, customer, reversal);
  }

  private String returned(String order, String reversal, int quantity) {
    return """
    {"orderId":"%s","customerId":"%s","currency":"KRW","reversalId":"%s","refund":"39000",
     "items":[{"position":0,"sku":"A","quantity":%d,"refund":"39000"}],"returnedAt":"2026-11-29T05:00:00Z"}\
    """
        .formatted(order, customer, reversal, quantity);
  }

  private void send(String topic, String event) {
    ProducerRecord<byte[], byte[]> record = record(topic, bytes(event));
    Matcher reversal = Pattern.compile("\"reversalId\":\"([^\"]+)").matcher(event);
    if (reversal.find()) {
      record.headers().add("ce_id", bytes("event-" + reversal.group(1)));
    }
    producer.send(record);
  }

  private ProducerRecord<byte[], byte[]> record(String topic, byte[] value) {
    return new ProducerRecord<>(topic, bytes(customer), value);
  }

  private List<String> reversals(String order) {
    return texts(
        "select kind || ' ' || order_version || ' ' || refund || ' ' || refund_state from reversal"
            + " where order_id = ?::uuid",
        order);
  }

  private List<String> deadLetters(String order) {
    return texts(
        "select consumer || ' ' || error from dead_letter where order_id = ?::uuid", order);
  }

  private long balance() {
    return jdbc.sql("select coalesce(sum(balance), 0) from point_balance where customer_id = ?")
        .param(customer)
        .query(Long.class)
        .single();
  }

  private String uses(String coupon) {
    return texts("select reserved || ' ' || used from coupon where code = ?", coupon).get(0);
  }

  private int count(String what, String parameter) {
    return jdbc.sql("select count(*) from " + what).param(parameter).query(Integer.class).single();
  }

  private List<String> texts(String query, String parameter) {
    return jdbc.sql(query).param(parameter).query(String.class).list();
  }

  private double metric(String outcome) {
    String sample = "orderflow_reversal_events_total{outcome=\"" + outcome + "\"} ";
    return http.get("/actuator/prometheus")
        .raw()
        .body()
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
        .sum();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
