package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;

@OrderflowTest
class NewPartitionsTest {

  private static final byte[] PAYLOAD = new byte[4_000];

  @Autowired KafkaPublisher publisher;

  /** With several requests under way, most of these rounds end in a time-out after 15 s. */
  @RepeatedTest(6)
  void takeTheFirstRecordsOfATopicThatWasJustMade() throws Exception {
    String topic = "new-" + UUID.randomUUID();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()))) {
      admin.createTopics(List.of(new NewTopic(topic, 6, (short) 1))).all().get();
      try {
        assertThat(answers(records(topic))).containsOnly(Optional.empty());
      } finally {
        admin.deleteTopics(List.of(topic)).all().get();
      }
    }
  }

  private Queue<Optional<Throwable>> answers(List<OutboxRecord> records) {
    Queue<Optional<Throwable>> answers = new ConcurrentLinkedQueue<>();
    records.forEach(
        record -> publisher.publish(record, failure -> answers.add(Optional.ofNullable(failure))));
    await().until(() -> answers.size() == records.size());
    return answers;
  }

  private static List<OutboxRecord> records(String topic) {
    return IntStream.range(0, 200)
        .mapToObj(
            i ->
                new OutboxRecord(
                    i,
                    Priority.LIVE.number(),
                    topic,
                    ("c-" + i).getBytes(StandardCharsets.UTF_8),
                    PAYLOAD,
                    UUID.randomUUID(),
                    Map.of(),
                    Instant.EPOCH))
        .toList();
  }
}
