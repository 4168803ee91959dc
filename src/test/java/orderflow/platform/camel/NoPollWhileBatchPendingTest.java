package orderflow.platform.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import orderflow.RealServers;
import orderflow.platform.jdbc.DatabaseAccess;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class NoPollWhileBatchPendingTest {

  private static final DatabaseAccess THERE = new DatabaseAccess(() -> true);

  private final String topic = "prompt-" + UUID.randomUUID();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()));

  @BeforeEach
  void sendOneRecord() throws ExecutionException, InterruptedException {
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", RealServers.kafkaBrokers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get();
    }
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void aBatchIsCommittedBeforeItsPartitionsAreGivenUpToAnotherMember() {
    try (Consumer<byte[], byte[]> consumer =
            new NoPollWhileBatchPending(THERE).getConsumer(settings());
        KafkaConsumer<byte[], byte[]> other = new KafkaConsumer<>(settings())) {
      consumer.subscribe(List.of(topic));
      await().until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());

      other.subscribe(List.of(topic));
      await().until(() -> other.poll(Duration.ofMillis(10)).isEmpty() && isRebalancing());
      double heartbeats = heartbeats(consumer);
      await().until(() -> heartbeats(consumer) > heartbeats + 2);

      assertThat(consumer.poll(Duration.ofSeconds(10))).as("the poll after a batch").isEmpty();
      assertThat(consumer.assignment()).hasSize(2);
      consumer.commitSync();
      List<ConsumerRecord<?, ?>> readAgain = new ArrayList<>();
      await()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(10)).forEach(readAgain::add);
                other.poll(Duration.ofMillis(10)).forEach(readAgain::add);
                return other.assignment().size() == 1 && consumer.assignment().size() == 1;
              });
      assertThat(readAgain).isEmpty();
    }
  }

  @Test
  void thePollAfterABatchWaitsForNothing() {
    try (Consumer<byte[], byte[]> consumer =
        new NoPollWhileBatchPending(THERE).getConsumer(settings())) {
      consumer.subscribe(List.of(topic));
      await().until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());

      ConsumerRecords<byte[], byte[]> next =
          assertTimeoutPreemptively(
              Duration.ofSeconds(60), () -> consumer.poll(Duration.ofHours(1)));

      assertThat(next).isEmpty();
    }
  }

  @Test
  void aTopicWhoseEndWasCutOffIsReadAgainAndLogged(CapturedOutput output) throws Exception {
    commit(9);

    readOne();

    assertThat(output)
        .contains(topic + "-0 was truncated: it was read up to offset 9 and is read again from 0");
  }

  @Test
  void recordsThatWereDeletedUnreadAreLogged(CapturedOutput output) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", RealServers.kafkaBrokers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, "key", "second")).get();
    }
    commit(0);
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();

    readOne();

    assertThat(output).contains(topic + "-0 lost unread records, from offset 0 up to 1");
  }

  private void commit(long offset) throws ExecutionException, InterruptedException {
    admin
        .alterConsumerGroupOffsets(
            topic, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private void readOne() {
    try (Consumer<byte[], byte[]> consumer =
        new NoPollWhileBatchPending(THERE).getConsumer(settings())) {
      consumer.subscribe(List.of(topic));
      await().until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
    }
  }

  private boolean isRebalancing() throws ExecutionException, InterruptedException {
    return admin.describeConsumerGroups(List.of(topic)).describedGroups().get(topic).get().state()
        == ConsumerGroupState.PREPARING_REBALANCE;
  }

  private static double heartbeats(Consumer<?, ?> consumer) {
    return consumer.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("heartbeat-total"))
        .mapToDouble(metric -> (double) metric.metricValue())
        .sum();
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, RealServers.kafkaBrokers());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, topic);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return settings;
  }
}
