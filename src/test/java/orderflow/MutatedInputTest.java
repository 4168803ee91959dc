package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Orders and events changed at random. More of them, and others: {@code mvn test
 * -Dtest=MutatedInputTest -Dorderflow.mutations=20000 -Dorderflow.seed=7}.
 */
@OrderflowTest
class MutatedInputTest {

  private static final int MUTATIONS = Integer.getInteger("orderflow.mutations", 80);
  private static final long SEED = Long.getLong("orderflow.seed", 20261125);
  private static final int PARTITIONS = 6;

  private static final String ORDER =
      """
      {"customer":{"id":"%1$s","email":"minji@example.com","name":"김민지","locale":"ko"},"currency":"KRW",
       "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"},
                {"sku":"TS-002","name":"Hat","quantity":1,"unitPrice":"100"}],"couponCode":null}\
      """;

  private static final String EVENT =
      """
      {"orderId":"%2$s","customer":{"id":"%1$s","email":"kim@example.com","name":"Kim","locale":"en"},"currency":"KRW",
       "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"39000"}],
       "subtotal":"78000","discount":"0","total":"78000","couponCode":null,"completedAt":"2026-11-22T05:00:00.123Z"}\
      """;

  private static final JsonMapper READER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;

  private final String run = "c-" + UUID.randomUUID();
  private final Mutations mutations = new Mutations(new Random(SEED));
  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void anOrderIsTakenWholeOrRefusedWithAProblem() {
    List<UUID> placed = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      String body = mutations.of(ORDER.formatted(run));
      Http.Response answer = http.post("/api/orders", body);
      assertThat(answer.status()).as("seed %d: %s", SEED, body).isIn(201, 400, 422);
      if (answer.status() == 201) {
        placed.add(UUID.fromString(answer.json().get("orderId").textValue()));
      } else {
        refused++;
      }
    }

    assertThat(placed).isNotEmpty();
    assertThat(refused).isPositive();
    // Others place orders, too: those of this run are known by their customer.
    assertThat(placed)
        .containsAll(
            jdbc.sql("select id from orders where customer_id = ?")
                .param(run)
                .query(UUID.class)
                .list())
        .allMatch(id -> exists("select exists (select from orders where id = ?)", id));
    assertThat(
            number(
                "select count(*) from orders o where subtotal <> (select coalesce(sum(quantity *"
                    + " unit_price), -1) from order_item where order_id = o.id) and created_at >"
                    + " now() - interval '1 hour' and customer_id = '"
                    + run
                    + "'"))
        .isZero();
    await()
        .untilAsserted(
            () -> assertThat(placed).filteredOn(this::hasAddress).allMatch(this::isMailed));
    List<String> ids = placed.stream().map(UUID::toString).toList();
    assertThat(
            TopicReader.await(
                "order.completed",
                placed.size(),
                message -> ids.contains(message.header("ce_subject"))))
        .as("each order's event")
        .extracting(message -> message.header("ce_subject"))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void anEventHasItsEffectsOrIsADeadLetterAndItsPartitionGoesOn() throws Exception {
    List<String> values = new ArrayList<>();
    List<UUID> orders = new ArrayList<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    List<UUID> last = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                RealServers.kafkaBrokers(),
                // a partition that has no leader yet may put its first batches out of sequence for
                // good
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                false),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < MUTATIONS; i++) {
        orders.add(UUID.randomUUID());
        values.add(mutations.of(EVENT.formatted(run, orders.get(i))));
        sent.add(producer.send(record(i % PARTITIONS, values.get(i))));
      }
      for (int partition = 0; partition < PARTITIONS; partition++) {
        last.add(UUID.randomUUID());
        sent.add(producer.send(record(partition, EVENT.formatted(run, last.get(partition)))));
      }
    }

    await().untilAsserted(() -> assertThat(last).allMatch(this::isMailed));
    for (int i = 0; i < values.size(); i++) {
      RecordMetadata at = sent.get(i).get();
      String value = values.get(i);
      UUID order = orders.get(i);
      // The consumers run beside each other: another's dead letter may come after this one's mail.
      await().untilAsserted(() -> assertSettled(at, value, order));
    }
  }

  private void assertSettled(RecordMetadata at, String value, UUID order) {
    List<String> gaveUp =
        jdbc.sql(
                "select consumer from dead_letter where topic = 'order.completed'"
                    + " and partition = ? and \"offset\" = ?")
            .params(at.partition(), at.offset())
            .query(String.class)
            .list();
    String told = "seed " + SEED + ": " + value + " -> " + gaveUp;
    assertThat(gaveUp).as(told).doesNotHaveDuplicates();
    if (!isObject(value)) {
      assertThat(gaveUp).as(told).hasSize(3);
    } else if (value.contains(order.toString()) && value.contains("\"orderId\"")) {
      if (hasNoAddress(value)) {
        assertThat(isQueued(order)).as(told).isFalse();
        return;
      }
      assertThat(gaveUp.contains("email-consumer")).as(told).isNotEqualTo(isQueued(order));
    }
  }

  private ProducerRecord<byte[], byte[]> record(int partition, String value) {
    return new ProducerRecord<>("order.completed", partition, bytes(run), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean hasNoAddress(String event) {
    try {
      JsonNode address = READER.readTree(event).path("customer").path("email");
      return address.isMissingNode()
          || address.isNull()
          || address.isTextual() && address.textValue().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isObject(String text) {
    try {
      JsonNode tree = READER.readTree(text);
      return tree.isObject();
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private boolean hasAddress(UUID order) {
    return exists(
        "select exists (select from orders where id = ? and customer_email <> '')", order);
  }

  private boolean isMailed(UUID order) {
    return exists("select exists (select from mail where order_id = ? and state = 'SENT')", order);
  }

  private boolean isQueued(UUID order) {
    return exists("select exists (select from mail where order_id = ?)", order);
  }

  private boolean exists(String sql, UUID order) {
    return jdbc.sql(sql).param(order).query(Boolean.class).single();
  }

  private long number(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
