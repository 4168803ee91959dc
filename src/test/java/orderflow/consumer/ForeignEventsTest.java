package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import orderflow.TopicReader;
import orderflow.order.OrderRules;
import orderflow.platform.mailbox.ReceivedMail;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records on order.completed that another system wrote: good ones, repeated ones and bad ones. */
@OrderflowTest
class ForeignEventsTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static final String ALL = "coupon-consumer email-consumer point-consumer";

  private static final List<String> SMUGGLED =
      List.of(
          "CamelKafkaOverrideTopic",
          "CamelFileName",
          "CamelJdbcParameters",
          "CamelSplitComplete",
          "kafka.OVERRIDE_TOPIC",
          "kafka.KEY",
          "kafka.TOPIC",
          "to",
          "cc",
          "bcc",
          "from",
          "reply-to",
          "subject",
          "mail.smtp.from",
          "mail.smtp.host",
          "entries",
          "breadcrumbId");

  /** Camel takes no notice of case. */
  private static final List<String> NAMED_LIKE_CAMELS_OWN =
      List.of(
          "Kafka.Partition_Key",
          "Kafka.Override_Timestamp",
          "Kafka.Topic",
          "Kafka.Partition",
          "Kafka.Offset",
          "Kafka.Key",
          "Kafka.Headers",
          "CAMELKafkaManualCommit");

  private static KafkaProducer<byte[], byte[]> producer;

  @Autowired JdbcClient jdbc;

  /** Tells this test's customers and coupons from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

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

  @Test
  void anEventOfAnUnknownOrderEarnsItsPointsSendsItsMailAndUsesItsCoupon() {
    coupon(run, 1);
    UUID order = UUID.randomUUID();

    send(event(order, "70200", run));

    await().until(() -> mailed(order) && balance() == 702 && used(run) == 1);
    TopicReader.Message used = TopicReader.await("coupon.used", order.toString());
    assertThat(used.json().get("discount").textValue()).isEqualTo("7800");
    assertThat(used.header("traceparent")).isEqualTo(TRACE);
  }

  @Test
  void pointsCountWhatWasPaidForGoodsAndACouponItsOwnDiscountAlone() {
    coupon(run, 1);
    UUID order = UUID.randomUUID();

    send(
        event(order, "73200", run)
            .replace("\"subtotal\":\"81000\"", "\"subtotal\":\"78000\"")
            .replace(
                "\"couponCode\"",
                """
                "orderNumber":"#1001","discounts":[{"label":"Sale","amount":"1000"}],
                "charges":[{"label":"Express","amount":3000}],"couponCode"\
                """));

    await().until(() -> mailed(order) && balance() == 702 && used(run) == 1);
    assertThat(TopicReader.await("coupon.used", order.toString()).json().get("discount"))
        .hasToString("\"6800\"");
    ReceivedMail mail =
        RealServers.mailbox().mails().stream()
            .filter(each -> each.header("X-Order-Id").filter(order.toString()::equals).isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(mail.header("Subject")).hasValue("Your order is confirmed (#1001)");
    assertThat(mail.text().orElseThrow()).contains("Sale: −₩1,000", "Express: ₩3,000");
  }

  @Test
  void headersOfARecordChangeNothing() {
    UUID order = UUID.randomUUID();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("order.completed", bytes(run), bytes(event(order, "70200", null)));
    for (String name : SMUGGLED) {
      record.headers().add(name, bytes("evil@example.com"));
    }
    producer.send(record);

    await().until(() -> mailed(order) && balance() == 702);
    List<ReceivedMail> mails =
        RealServers.mailbox().mails().stream()
            .filter(mail -> mail.header("X-Order-Id").filter(order.toString()::equals).isPresent())
            .toList();
    assertThat(mails).singleElement().extracting(ReceivedMail::to).asString().contains("kim@");
    assertThat(mails.get(0).header("From").orElseThrow()).contains("orders@orderflow.example");
    assertThat(mails.get(0).header("Subject").orElseThrow()).doesNotContain("evil");
    assertThat(mails.get(0).header("Bcc")).isEmpty();
    TopicReader.Message earned = TopicReader.await("point.earned", order.toString());
    assertThat(earned.key()).isEqualTo(run);
    for (String name : SMUGGLED) {
      assertThat(earned.header(name)).as(name).isEmpty();
    }
    assertThat(earned.header("ce_type")).isEqualTo("orderflow.point.earned.v1");
  }

  @Test
  void theSameEventManyTimesHasEachEffectOnce() {
    coupon(run, 5);
    UUID order = UUID.randomUUID();
    UUID last = UUID.randomUUID();

    IntStream.range(0, 1_000).forEach(i -> send(event(order, "70200", run)));
    send(event(last, "100", null));

    await().until(() -> mailed(last) && balance() == 703);
    assertThat(used(run)).isEqualTo(1);
    assertThat(
            TopicReader.await(
                "point.earned",
                2,
                message -> message.raw().key() != null && message.key().equals(run)))
        .extracting(message -> message.header("ce_subject"))
        .containsExactly(order.toString(), last.toString());
  }

  @Test
  void aCouponThatIsExhaustedByOneOrderIsRefusedToTheNextAlone() {
    coupon(run, 1);
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();

    send(event(first, "70200", run));
    send(event(first, "70200", run));
    send(event(second, "70200", run));

    await()
        .until(
            () ->
                !deadLetters("select consumer from dead_letter where order_id = ?", second)
                    .isEmpty());
    assertThat(used(run)).isEqualTo(1);
    assertThat(deadLetters("select error from dead_letter where order_id = ?", second))
        .containsExactly("coupon " + run + " can't be used: EXHAUSTED");
    assertThat(deadLetters("select error from dead_letter where order_id = ?", first)).isEmpty();
  }

  /** However late its event comes. */
  @Test
  void aCouponIsJudgedByTheTimeOfTheOrder() {
    couponValid(run + "-before", "now() - interval '1 hour'");
    couponValid(run + "-then", "now() - interval '1 hour'");
    couponValid(run + "-long-ago", "now() - interval '100 days'");
    UUID late = UUID.randomUUID();
    UUID tooLate = UUID.randomUUID();
    UUID longAgo = UUID.randomUUID();
    UUID timeless = UUID.randomUUID();

    sendCompleted(late, run + "-then", Instant.now().minus(Duration.ofHours(2)).toString());
    sendCompleted(tooLate, run + "-before", Instant.now().minus(Duration.ofMinutes(5)).toString());
    sendCompleted(longAgo, run + "-long-ago", Instant.now().minus(Duration.ofDays(101)).toString());
    sendCompleted(timeless, run + "-before", "yesterday");

    await().until(() -> used(run + "-then") == 1 && used(run + "-long-ago") == 1);
    await().until(() -> consumersOf(timeless).size() == 1);
    assertThat(consumersOf(tooLate)).containsExactly("coupon-consumer");
    assertThat(
            deadLetters(
                "select error from dead_letter where consumer = 'coupon-consumer' and order_id = ?",
                tooLate))
        .containsExactly("coupon " + run + "-before can't be used: EXPIRED");
    assertThat(used(run + "-before")).isZero();
    assertThat(consumersOf(late)).isEmpty();
    assertThat(consumersOf(longAgo)).isEmpty();
  }

  private void sendCompleted(UUID order, String coupon, String completedAt) {
    send(event(order, "70200", coupon).replace("2026-11-22T05:00:00.123Z", completedAt));
  }

  private void couponValid(String code, String until) {
    coupon(code, 5);
    jdbc.sql("update coupon set valid_until = " + until + " where code = ?").param(code).update();
  }

  @Test
  void anEventWithAnotherCouponThanTheReservedOneMovesNoCount() {
    String other = run + "-other";
    coupon(run, 5);
    coupon(other, 5);
    UUID order = UUID.randomUUID();
    jdbc.sql(
            "insert into coupon_redemption (order_id, code, customer_id, discount, reserved_at)"
                + " values (?, ?, ?, 7800, now())")
        .params(order, run, run)
        .update();
    jdbc.sql("update coupon set reserved = 1 where code = ?").param(run).update();

    send(event(order, "70200", other));
    await().until(() -> consumersOf(order).size() == 1);
    assertThat(counts(run)).isEqualTo("1 0");
    send(event(order, "70200", other));
    send(event(order, "70200", run));

    await().until(() -> used(run) == 1);
    await().until(() -> consumersOf(order).size() == 2);
    assertThat(counts(run)).isEqualTo("0 1");
    assertThat(counts(other)).isEqualTo("0 0");
    assertThat(deadLetters("select distinct error from dead_letter where order_id = ?", order))
        .containsExactly("coupon " + other + " is not the one that the order has");
    assertThat(
            TopicReader.await("coupon.used", order.toString()).json().get("couponCode").textValue())
        .isEqualTo(run);
  }

  private String counts(String code) {
    return jdbc.sql("select reserved || ' ' || used from coupon where code = ?")
        .param(code)
        .query(String.class)
        .single();
  }

  @Test
  void anOrderWorthNoPointsBooksAndPublishesNothing() {
    UUID none = UUID.randomUUID();
    UUID one = UUID.randomUUID();

    send(event(none, "99", null));
    send(event(one, "100", null));

    await().until(() -> balance() == 1 && mailed(none));
    assertThat(
            TopicReader.await(
                "point.earned",
                1,
                message -> message.raw().key() != null && message.key().equals(run)))
        .extracting(message -> message.header("ce_subject"))
        .containsExactly(one.toString());
  }

  @Test
  void whatIsNoEventIsADeadLetterOfAllThree() {
    assertThat(consumersThatGiveUpOn("no json")).isEqualTo(ALL);
    assertThat(consumersThatGiveUpOn("")).isEqualTo(ALL);
    assertThat(consumersThatGiveUpOn("[]")).isEqualTo(ALL);
    assertThat(consumersThatGiveUpOn("{\"orderId\":NaN}")).isEqualTo(ALL);
    assertThat(consumersThatGiveUpOn("{\"x\":1e99999999999}")).isEqualTo(ALL);
    assertThat(consumersThatGiveUpOn(null)).isEqualTo(ALL);
  }

  @Test
  void aFaultIsADeadLetterOfThoseThatNeedWhatIsFaulty() {
    UUID order = UUID.randomUUID();

    assertThat(consumersThatGiveUpOn(event(order, "-1", null)))
        .isEqualTo("email-consumer point-consumer");
    assertThat(consumersThatGiveUpOn(event(order, "1e30", null)))
        .isEqualTo("email-consumer point-consumer");
    assertThat(consumersThatGiveUpOn(event(UUID.randomUUID(), "100", run + "-unknown")))
        .isEqualTo("coupon-consumer");
    assertThat(consumersThatGiveUpOn(event(UUID.randomUUID(), "100", null).replace("kim@", "kim")))
        .isEqualTo("email-consumer");
    assertThat(
            consumersThatGiveUpOn(
                event(UUID.randomUUID(), "100", null).replace("Shirt", "a\\u0000b")))
        .isEqualTo("email-consumer");
  }

  @Test
  void aWrongTypeOrAMissingFieldIsADeadLetterOfThoseThatNeedTheField() {
    assertThat(consumersThatGiveUpOn(eventWith("\"total\":\"100\"", "\"total\":{}")))
        .isEqualTo("email-consumer point-consumer");
    assertThat(consumersThatGiveUpOn(eventWith("\"total\":\"100\",", "")))
        .isEqualTo("email-consumer point-consumer");
    assertThat(consumersThatGiveUpOn(eventWith("\"id\":\"" + run + "\"", "\"id\":[1]")))
        .isEqualTo("email-consumer point-consumer");
    assertThat(consumersThatGiveUpOn(eventWith("\"items\":[", "\"items\":1,\"things\":[")))
        .isEqualTo("email-consumer");
    assertThat(consumersThatGiveUpOn(eventWith("\"quantity\":2", "\"quantity\":99999999999")))
        .isEqualTo("email-consumer");
    assertThat(
            consumersThatGiveUpOn(
                event(UUID.randomUUID(), "100", run).replace("\"discount\":\"7800\"", "\"x\":1")))
        .isEqualTo("coupon-consumer email-consumer");
    assertThat(
            consumersThatGiveUpOn(
                event(UUID.randomUUID(), "100", run).replaceFirst("\"orderId\":\"[^\"]+", "$0-")))
        .isEqualTo(ALL);
  }

  @Test
  void aQuantityOfAWholeNumberWithDecimalsIsOne() {
    UUID order = UUID.randomUUID();

    send(event(order, "100", null).replace("\"quantity\":2", "\"quantity\":2.0"));

    await().until(() -> mailed(order));
    assertThat(consumersThatGiveUpOn(eventWith("\"quantity\":2", "\"quantity\":2.5")))
        .isEqualTo("email-consumer");
  }

  /** Joined emoji, and characters that are newer than the JDK's Unicode. */
  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDC68\u200D\uD83D\uDC67", "\u0646\u200C\u0645", "\u0378"})
  void everyCodeThatACouponMayHaveIsUsed(String characters) {
    String code = run + characters;
    assertThat(OrderRules.COUPON_CODE.allows(code)).isTrue();
    coupon(code, 5);
    UUID order = UUID.randomUUID();

    send(event(order, "100", code));

    await().until(() -> used(code) == 1);
    await().until(() -> mailed(order));
    assertThat(consumersOf(order)).isEmpty();
  }

  @Test
  void whatOneConsumerCannotUseTheOthersDo() {
    UUID withoutMail = UUID.randomUUID();
    UUID withoutPoints = UUID.randomUUID();
    UUID withoutCoupon = UUID.randomUUID();
    coupon(run, 2);

    send(event(withoutMail, "100", run).replace("kim@", "kim"));
    send(event(withoutPoints, "-1", run));
    send(event(withoutCoupon, "200", run + "-unknown"));

    await().until(() -> mailed(withoutCoupon) && balance() == 3 && used(run) == 2);
    await()
        .until(
            () ->
                consumersOf(withoutMail).size() == 1
                    && consumersOf(withoutPoints).size() == 2
                    && consumersOf(withoutCoupon).size() == 1);
    assertThat(consumersOf(withoutMail)).containsExactly("email-consumer");
    assertThat(consumersOf(withoutPoints))
        .containsExactlyInAnyOrder("email-consumer", "point-consumer");
    assertThat(consumersOf(withoutCoupon)).containsExactly("coupon-consumer");
  }

  private List<String> consumersOf(UUID order) {
    return deadLetters("select consumer from dead_letter where order_id = ?", order);
  }

  @Test
  void sizeIsNoFault() {
    String padding = "x".repeat(900_000);
    UUID order = UUID.randomUUID();

    send(event(order, "100", null).replace("\"x\":1", "\"x\":\"" + padding + '"'));
    await().until(() -> balance() == 1 && mailed(order));

    assertThat(consumersThatGiveUpOn("no json " + padding)).isEqualTo(ALL);
  }

  @Test
  void aBadRecordAmongManyHoldsNoneOfThemUp() {
    List<UUID> good = IntStream.range(0, 400).mapToObj(i -> UUID.randomUUID()).toList();
    UUID bad = UUID.randomUUID();

    good.subList(0, 200).forEach(order -> send(event(order, "100", null)));
    send(event(bad, "100", run + "-unknown"));
    good.subList(200, 400).forEach(order -> send(event(order, "100", null)));

    await().until(() -> balance() == 401 && good.stream().allMatch(this::mailed));
    await().until(() -> consumersOf(bad), List.of("coupon-consumer")::equals);
  }

  @Test
  void aDeadLetterGoesToItsTopicAsItWasWithWhereItCameFrom() {
    String value = "no json " + run;
    send(value);

    List<TopicReader.Message> letters = lettersOf(value);

    assertThat(letters)
        .extracting(message -> message.header("consumer"))
        .containsExactlyInAnyOrder("point-consumer", "coupon-consumer", "email-consumer");
    TopicReader.Message letter = letters.get(0);
    assertThat(letter.key()).isEqualTo(run);
    assertThat(letter.header("own")).isEqualTo("kept");
    assertThat(letter.header("error")).isEqualTo("is no JSON");
    assertThat(letter.header("original-topic")).isEqualTo("order.completed");
    assertThat(letter.header("original-partition")).matches("[0-5]");
    assertThat(letter.header("original-offset")).matches("\\d+");
  }

  @Test
  void noHeaderOfABadRecordKeepsItFromTheDeadLetters() {
    String value = "no json with headers " + run;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("order.completed", bytes(run), bytes(value));
    NAMED_LIKE_CAMELS_OWN.forEach(name -> record.headers().add(name, bytes("evil")));
    record.headers().add("a\0b", bytes("evil"));
    SMUGGLED.forEach(name -> record.headers().add(name, bytes("evil")));
    producer.send(record);

    List<TopicReader.Message> letters = lettersOf(value);
    assertThat(letters)
        .allSatisfy(
            letter -> {
              assertThat(letter.header("subject")).isEqualTo("evil");
              assertThat(letter.header("original-topic")).isEqualTo("order.completed");
              assertThat(letter.header("original-partition")).matches("[0-5]");
            });
  }

  /** A record's dead letters on their topic: one for each consumer. */
  private static List<TopicReader.Message> lettersOf(String value) {
    return TopicReader.await(
        "order.completed.dlt",
        3,
        message ->
            message.raw().value() != null
                && new String(message.raw().value(), StandardCharsets.UTF_8).equals(value));
  }

  /**
   * Sends a value and a good event after it, and tells who gave up on the first when the second is
   * through.
   */
  private String consumersThatGiveUpOn(String value) {
    String key = run + "-" + UUID.randomUUID();
    send(key, value);
    // The first may be mailed while other consumers are at the same batch; the second comes with a
    // later one.
    for (int i = 0; i < 2; i++) {
      UUID next = UUID.randomUUID();
      send(key, event(next, "0", null));
      await().until(() -> mailed(next));
    }
    Set<String> consumers =
        jdbc
            .sql(
                "select consumer from dead_letter where key = convert_to(?, 'UTF8') order by"
                    + " consumer")
            .param(key)
            .query(String.class)
            .list()
            .stream()
            .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    return String.join(" ", consumers);
  }

  private void send(String value) {
    send(run, value);
  }

  private static void send(String key, String value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("order.completed", bytes(key), value == null ? null : bytes(value));
    record.headers().add("own", bytes("kept"));
    record.headers().add("traceparent", bytes(TRACE));
    producer.send(record);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String event(UUID order, String total, String coupon) {
    return """
    {"orderId":"%s","customer":{"id":"%s","email":"kim@example.com","name":"Kim","locale":"en"},"currency":"KRW",
     "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"39000"}],
     "subtotal":"%s","discount":"7800","total":"%s","couponCode":%s,
     "completedAt":"2026-11-22T05:00:00.123Z","ofAnotherSystem":{"x":1}}\
    """
        .formatted(
            order, run, subtotal(total), total, coupon == null ? "null" : '"' + coupon + '"');
  }

  private static String subtotal(String total) {
    return total.matches("\\d+") ? String.valueOf(Long.parseLong(total) + 7_800) : "78000";
  }

  private String eventWith(String good, String bad) {
    String event = event(UUID.randomUUID(), "100", null);
    assertThat(event).contains(good);
    return event.replace(good, bad);
  }

  private void coupon(String code, int usageLimit) {
    jdbc.sql(
            "insert into coupon (code, discount_type, discount_value, usage_limit, created_at)"
                + " values (?, 'PERCENT', 10, ?, now())")
        .params(code, usageLimit)
        .update();
  }

  private long balance() {
    return jdbc.sql("select coalesce(sum(balance), 0) from point_balance where customer_id = ?")
        .param(run)
        .query(Long.class)
        .single();
  }

  private int used(String code) {
    return jdbc.sql("select used from coupon where code = ?")
        .param(code)
        .query(Integer.class)
        .single();
  }

  private boolean mailed(UUID order) {
    return jdbc.sql("select exists (select from mail where order_id = ? and state = 'SENT')")
        .param(order)
        .query(Boolean.class)
        .single();
  }

  private List<String> deadLetters(String sql, UUID order) {
    return jdbc.sql(sql).param(order).query(String.class).list();
  }
}
