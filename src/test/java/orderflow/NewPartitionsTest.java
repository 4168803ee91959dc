package orderflow;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import orderflow.outbox.OutboxRecord;
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
        assertThatCode(() -> publisher.publish(records(topic))).doesNotThrowAnyException();
      } finally {
        admin.deleteTopics(List.of(topic)).all().get();
      }
    }
  }

  private static List<OutboxRecord> records(String topic) {
    return IntStream.range(0, 200)
        .mapToObj(
            i ->
                new OutboxRecord(
                    i,
                    topic,
                    ("c-" + i).getBytes(StandardCharsets.UTF_8),
                    PAYLOAD,
                    UUID.randomUUID(),
                    Map.of(),
                    Instant.EPOCH))
        .toList();
  }
}
