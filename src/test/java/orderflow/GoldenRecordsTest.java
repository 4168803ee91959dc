package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Records as they once were on the topics: what readers of today's events rely on. These files are
 * never changed; a further form of an event gets a file of its own.
 */
@OrderflowTest
class GoldenRecordsTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Autowired JdbcClient jdbc;

  /** A record of a topic. */
  record Golden(String topic, String key, Map<String, String> headers, JsonNode value) {

    static Golden read(Path file) {
      try {
        JsonNode tree = JSON.readTree(file.toFile());
        Map<String, String> headers = new HashMap<>();
        tree.path("headers")
            .properties()
            .forEach(header -> headers.put(header.getKey(), header.getValue().textValue()));
        return new Golden(
            tree.path("topic").textValue(),
            tree.path("key").textValue(),
            headers,
            tree.path("value"));
      } catch (IOException e) {
        throw new AssertionError(file.toString(), e);
      }
    }

    static Golden of(String type) {
      return read(FOLDER.resolve(type + ".json"));
    }

    String orderId() {
      return value.path("orderId").textValue();
    }

    ProducerRecord<byte[], byte[]> record() {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, bytes(key), bytes(value.toString()));
      headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
      return record;
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void areDescribedByTodaysSchemas(Path file) {
    Golden golden = Golden.read(file);

    EventSchemas.assertDescribed(golden.topic, golden.headers, golden.value);
  }

  @Test
  void thereIsOneOfEachEvent() throws IOException {
    assertThat(files().stream().map(file -> Golden.read(file).headers.get("ce_type")))
        .containsAll(EventSchemas.types());
  }

  @Test
  void areReadByTodaysConsumers() {
    Golden completed = Golden.of("orderflow.order.completed.v1");
    Golden cancelled = Golden.of("orderflow.order.cancelled.v1");
    Golden returned = Golden.of("orderflow.order.returned.v1");
    jdbc.sql(
            """
            insert into coupon (code, discount_type, discount_value, usage_limit, created_at)
            values ('GOLDEN10', 'PERCENT', 10, 1, now())
            """)
        .update();
    jdbc.sql(
            """
            insert into orders (id, customer_id, customer_email, customer_name, locale, currency,
              subtotal, discount, total, created_at)
            values (?::uuid, 'c-golden', '', 'Minji', 'ko', 'KRW', 78000, 7800, 70200, now())
            """)
        .param(returned.orderId())
        .update();
    jdbc.sql("insert into order_item values (?::uuid, 0, 'TS-001', 'Shirt', 2, 39000)")
        .param(returned.orderId())
        .update();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, RealServers.kafkaBrokers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(completed.record());
      await()
          .until(
              () ->
                  one(
                              "select coalesce(sum(points), 0) from point_entry where order_id ="
                                  + " ?::uuid",
                              completed)
                          == 782
                      && one(
                              "select count(*) from coupon_redemption where used_at is not null and"
                                  + " order_id = ?::uuid",
                              completed)
                          == 1
                      && one(
                              "select count(*) from mail where state = 'SENT' and order_id ="
                                  + " ?::uuid",
                              completed)
                          == 1);

      producer.send(cancelled.record());
      producer.send(returned.record());
      await()
          .until(
              () ->
                  one(
                              "select coalesce(sum(points), 0) from point_reversal where order_id ="
                                  + " ?::uuid",
                              cancelled)
                          == 782
                      && one(
                              "select count(*) from coupon where used = 0 and exists (select from"
                                  + " reversal where order_id = ?::uuid)",
                              cancelled)
                          > 0
                      && one(
                              "select coalesce(sum(refunded), 0) from orders where id = ?::uuid",
                              returned)
                          == 35_100);
    }
    for (Golden golden : List.of(completed, cancelled, returned)) {
      assertThat(one("select count(*) from dead_letter where order_id = ?::uuid", golden)).isZero();
    }
  }

  private long one(String query, Golden golden) {
    return jdbc.sql(query).param(golden.orderId()).query(Long.class).single();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
