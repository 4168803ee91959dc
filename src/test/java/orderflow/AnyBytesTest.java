package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bytes of any kind on order.completed: at worst dead letters, and their neighbours go on. */
@OrderflowTest
class AnyBytesTest {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static KafkaProducer<byte[], byte[]> producer;

  @Autowired JdbcClient jdbc;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final Random random = new Random(20261128);

  @BeforeAll
  static void connect() {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                RealServers.kafkaBrokers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2_000_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void disconnect() {
    producer.close();
  }

  /** Each of them between two good events of its partition, one with a coupon. */
  @Test
  void eachIsOneDeadLetterOfEachConsumerAndItsNeighboursGoOn() {
    coupon(1_000);
    List<byte[]> unusable = unusable();
    for (int i = 0; i < unusable.size(); i++) {
      int partition = i % 6;
      send(partition, good("", null));
      send(partition, bytes(run), unusable.get(i));
      send(partition, good("", run));
    }

    int neighbours = 2 * unusable.size();
    await().until(() -> count("point_entry where customer_id = ?") == neighbours);
    await().until(() -> count("mail where customer_id = ?") == neighbours);
    await().until(() -> count("coupon where used = " + unusable.size() + " and code = ?") == 1);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        jdbc.sql(
                                """
                                select consumer || ' ' || count(*) || ' ' || count(distinct (partition, "offset"))
                                from dead_letter where key = convert_to(?, 'UTF8') group by consumer order by consumer
                                """)
                            .param(run)
                            .query(String.class)
                            .list())
                    .isEqualTo(
                        Stream.of("coupon-consumer", "email-consumer", "point-consumer")
                            .map(c -> c + " " + unusable.size() + " " + unusable.size())
                            .toList()));
    assertThat(
            jdbc.sql("select payload from dead_letter where key = convert_to(?, 'UTF8')")
                .param(run)
                .query(byte[].class)
                .list())
        .as("payloads as they were")
        .allSatisfy(payload -> assertThat(unusable).contains(payload));
  }

  @Test
  void jsonInAnyWrappingIsRead() {
    List<Supplier<byte[]>> wrappings =
        List.of(
            () -> bytes(BYTE_ORDER_MARK + event("", null)),
            () -> concat(new byte[] {0, 0, 0, 0, 7}, bytes(event("", null))),
            () -> concat(new byte[] {0, 0x7B, 0x22, 0x7D, 0x5B}, bytes(event("", null))),
            () -> concat(new byte[] {0, -1, -1, -1, -1}, bytes(BYTE_ORDER_MARK + event("", null))),
            () -> bytes("\r\n\t " + event("", null) + "\n"),
            () -> bytes(structured("orderflow.order.completed.v1")),
            () -> bytes(structured("com.example.shop.order")),
            () -> concat(new byte[] {0, 0, 0, 0, 1}, bytes(structured("x"))),
            () -> bytes(inBase64(structured("orderflow.order.completed.v1"))),
            () -> bytes("{\"data\":" + event("", null) + "}"),
            () -> bytes(event("\"x\":" + "[".repeat(900) + "]".repeat(900) + ",", null)),
            () -> bytes(event("\"x\":\"\\ud800 \\u0000\",", null)));

    for (int i = 0; i < wrappings.size(); i++) {
      send(i % 6, wrappings.get(i).get());
    }

    await().until(() -> count("point_entry where customer_id = ?") == wrappings.size());
    await().until(() -> count("mail where state = 'SENT' and customer_id = ?") == wrappings.size());
    assertThat(count("dead_letter where customer_id = ?")).isZero();
  }

  @Test
  void nullAndEmptyMeanAbsent() {
    String full = event("", null);
    String nameless = full.replace("\"name\":\"Kim\"", "\"name\":null");
    List<String> mailed =
        List.of(
            full.replace("\"locale\":\"en\"", "\"locale\":\"\""),
            event("\"couponCode\":\"\",", null),
            event("\"couponCode\":null,", null),
            nameless.replaceFirst("\"orderId\":\"[^\"]+", "\"orderId\":\"" + UUID.randomUUID()),
            event("", null).replace("\"sku\":\"TS-001\"", "\"sku\":\"\""));
    List<String> unmailed =
        List.of(
            event("", null).replace("\"email\":\"kim@example.com\"", "\"email\":\"\""),
            event("", null).replace("\"email\":\"kim@example.com\"", "\"email\":null"),
            event("", null).replace("\"email\":\"kim@example.com\",", ""));

    mailed.forEach(value -> send(0, bytes(value)));
    unmailed.forEach(value -> send(0, bytes(value)));
    send(0, good("", null));

    await().until(() -> count("point_entry where customer_id = ?") == 9);
    await().until(() -> count("mail where state = 'SENT' and customer_id = ?") == 6);
    assertThat(count("mail where customer_id = ?")).isEqualTo(6);
    assertThat(count("dead_letter where customer_id = ?")).isZero();
  }

  @Test
  void anEventOfALaterVersionIsNotTakenForThisOnes() {
    String order = UUID.randomUUID().toString();
    String value = event("", null).replaceFirst("\"orderId\":\"[^\"]+", "\"orderId\":\"" + order);
    ProducerRecord<byte[], byte[]> binary =
        new ProducerRecord<>("order.completed", 0, bytes(run), bytes(value));
    binary.headers().add("ce_type", bytes("orderflow.order.completed.v2"));
    producer.send(binary);
    send(0, bytes(run), bytes(structured("orderflow.order.completed.v12")));
    send(0, bytes(run), bytes(inBase64(structured("orderflow.order.completed.v3"))));
    send(0, good("", null));

    await()
        .until(
            () ->
                jdbc.sql("select count(*) from dead_letter where key = convert_to(?, 'UTF8')")
                        .param(run)
                        .query(Integer.class)
                        .single()
                    == 9);
    assertThat(
            jdbc.sql("select distinct error from dead_letter where key = convert_to(?, 'UTF8')")
                .param(run)
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder(
            "is an event of version 2, and only 1 is known",
            "is an event of version 3, and only 1 is known",
            "is an event of version 12, and only 1 is known");
    await().until(() -> count("point_entry where customer_id = ?") == 1);
  }

  /** No key, one that is no text, and headers that have no value, a name twice, or 500 kB. */
  @Test
  void keysAndHeadersOfAnyKindHoldNothingUp() {
    byte[] key = {(byte) 0xC3, 0, (byte) 0xFF};
    for (byte[] anyKey : new byte[][] {null, {}, key}) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>("order.completed", 1, anyKey, good("", null));
      addHeaders(record);
      producer.send(record);
    }
    String value = "no json " + run;
    ProducerRecord<byte[], byte[]> bad =
        new ProducerRecord<>("order.completed", 1, key, bytes(value));
    addHeaders(bad);
    producer.send(bad);

    await().until(() -> count("point_entry where customer_id = ?") == 3);
    await().until(() -> count("mail where customer_id = ?") == 3);
    assertThat(
            TopicReader.await(
                "order.completed.dlt",
                3,
                message ->
                    message.raw().value() != null
                        && new String(message.raw().value(), StandardCharsets.UTF_8).equals(value)))
        .allSatisfy(
            letter -> {
              assertThat(letter.raw().key()).isEqualTo(key);
              assertThat(letter.header("twice")).isEqualTo("two");
              assertThat(letter.header("original-topic")).isEqualTo("order.completed");
            });
  }

  private static void addHeaders(ProducerRecord<byte[], byte[]> record) {
    record
        .headers()
        .add(new RecordHeader("empty", (byte[]) null))
        .add(new RecordHeader("ce_type", (byte[]) null))
        .add("", bytes("nameless"))
        .add("a\0b\uD83D\uDE00", new byte[] {0, -1})
        .add("twice", bytes("one"))
        .add("twice", bytes("two"))
        .add("kafka.KEY", bytes("x"))
        .add("CamelHttpUri", bytes("x"))
        .add("long", new byte[500_000]);
  }

  /** Nothing of it can be an event, for any consumer. */
  private List<byte[]> unusable() {
    String event = event("", null);
    byte[] text = bytes(event);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] any = new byte[1 + random.nextInt(i < 30 ? 8 : 2_000)];
      random.nextBytes(any);
      values.add(any);
    }
    for (String charset :
        List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE")) {
      values.add(event.getBytes(Charset.forName(charset)));
      values.add((BYTE_ORDER_MARK + event).getBytes(Charset.forName(charset)));
    }
    byte[] schemaId = ByteBuffer.allocate(5).put((byte) 0).putInt(7).array();
    values.add(schemaId);
    values.add(concat(schemaId, bytes("{")));
    values.add(concat(schemaId, new byte[] {0, 10, 3, 'c', '-', '1'})); // Protobuf
    values.add(concat(schemaId, new byte[] {72, 'a', 'b', 'c', 2, 4, 6})); // Avro
    values.add(concat(schemaId, text, new byte[] {0}));
    values.add(concat(new byte[] {1}, new byte[16], text));
    values.add(concat(new byte[9], text));
    for (int at : new int[] {1, 2, 4, 17, text.length - 1}) {
      values.add(java.util.Arrays.copyOf(text, at));
    }
    values.add(gzip(text));
    values.add(concat(new byte[] {(byte) 0xEF, (byte) 0xBB}, text));
    values.add(concat(bytes(BYTE_ORDER_MARK + BYTE_ORDER_MARK), text));
    values.add(concat(text, new byte[] {(byte) 0xFF}));
    values.add(replaced(text, "Kim", new byte[] {(byte) 0xC0, (byte) 0x80})); // overlong
    values.add(replaced(text, "Kim", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}));
    values.add(replaced(text, "Kim", new byte[] {0}));
    for (String json :
        List.of(
            "",
            " ",
            "null",
            "true",
            "1",
            "\"x\"",
            "[]",
            "[{}]",
            "{}{}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1e99999999999}",
            "{\"a\":-}",
            "{\"data_base64\":\"*\"}",
            "{\"data_base64\":\"bm8ganNvbg==\"}",
            "{\"data_base64\":\"W10=\"}",
            "{\"a\":" + "9".repeat(10_000) + "}",
            event + event,
            event + ",",
            "\0",
            "{\"\\ud800",
            "<x/>",
            "a,b\n1,2")) {
      values.add(bytes(json));
    }
    values.add(bytes("[".repeat(1_000_000)));
    values.add(bytes("{\"a\":".repeat(150_000)));
    values.add(bytes("{\"" + "a".repeat(1_000_000) + "\":1}" + "}"));
    values.add(new byte[1_000_000]);
    return values;
  }

  private byte[] good(String field, String coupon) {
    return bytes(event(field, coupon));
  }

  private String structured(String type) {
    return """
    {"specversion":"1.0","id":"1","source":"/x","type":"%s","datacontenttype":"application/json","data":%s}\
    """
        .formatted(type, event("", null));
  }

  /** As CloudEvents write data that their library knows only as bytes. */
  private static String inBase64(String structured) {
    int data = structured.indexOf("\"data\":") + 7;
    String event = structured.substring(data, structured.length() - 1);
    return structured.substring(0, data - 7)
        + "\"data_base64\":\""
        + Base64.getEncoder().encodeToString(bytes(event))
        + "\"}";
  }

  /** Worth ten points. */
  private String event(String field, String coupon) {
    return """
    {%s"orderId":"%s","customer":{"id":"%s","email":"kim@example.com","name":"Kim","locale":"en"},"currency":"KRW",
     "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"1000"}],
     "subtotal":"1000","discount":"0","total":"1000"%s,"completedAt":"2026-11-22T05:00:00Z"}\
    """
        .formatted(
            field,
            UUID.randomUUID(),
            run,
            coupon == null ? "" : ",\"couponCode\":\"" + coupon + '"');
  }

  private void coupon(int usageLimit) {
    jdbc.sql(
            "insert into coupon (code, discount_type, discount_value, usage_limit, created_at)"
                + " values (?, 'PERCENT', 10, ?, now())")
        .params(run, usageLimit)
        .update();
  }

  private void send(int partition, byte[] value) {
    send(partition, bytes(run + "-good"), value);
  }

  private static void send(int partition, byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>("order.completed", partition, key, value));
  }

  private int count(String from) {
    return jdbc.sql("select count(*) from " + from).param(run).query(Integer.class).single();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] replaced(byte[] text, String what, byte[] with) {
    int at = new String(text, StandardCharsets.ISO_8859_1).indexOf(what);
    return concat(
        java.util.Arrays.copyOf(text, at),
        with,
        java.util.Arrays.copyOfRange(text, at + what.length(), text.length));
  }

  private static byte[] gzip(byte[] text) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }
}
