package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Reads a topic from its beginning, as a system beside Orderflow would. */
public final class TopicReader {

  /** A record of a topic. */
  public record Message(ConsumerRecord<byte[], byte[]> raw) {

    public String key() {
      return new String(raw.key(), StandardCharsets.UTF_8);
    }

    public boolean hasKey(String key) {
      return raw.key() != null && key.equals(key());
    }

    public String header(String name) {
      Header header = raw.headers().lastHeader(name);
      return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(raw.value());
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + Arrays.toString(raw.value()), e);
      }
    }
  }

  private TopicReader() {}

  /** Waits for the one record about an order. */
  public static Message await(String topic, String orderId) {
    return await(topic, 1, message -> message.header("ce_subject").equals(orderId)).get(0);
  }

  /** Waits until there are so many records of a kind, and gives all of them. */
  public static List<Message> await(String topic, int count, Predicate<Message> wanted) {
    return await(RealServers.kafkaBrokers(), topic, count, wanted);
  }

  /** The same from another broker than that of {@link RealServers}. */
  public static List<Message> await(
      String brokers, String topic, int count, Predicate<Message> wanted) {
    Queue<Message> found = new ConcurrentLinkedQueue<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(brokers, topic)) {
      Awaitility.await()
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(100))
                    .forEach(
                        record -> {
                          if (wanted.test(new Message(record))) {
                            found.add(new Message(record));
                          }
                        });
                return found.size() >= count;
              });
    }
    return List.copyOf(found);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String brokers, String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }
}
