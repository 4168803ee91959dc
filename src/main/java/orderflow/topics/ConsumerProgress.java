package orderflow.topics;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** Tells how far the consumers of order.completed have come. */
@Component
public class ConsumerProgress {

  private static final String TOPIC = "order.completed";
  private static final String GROUP = "orderflow";

  private final Brokers brokers;

  ConsumerProgress(Brokers brokers) {
    this.brokers = brokers;
  }

  /** A moment of the topic: where each of its partitions ended. */
  public record Ends(Map<Integer, Long> offsets) {}

  /** Where the topic's partitions end now. */
  public Ends ends() throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = brokers.admin()) {
      return new Ends(offsets(admin, partitions(admin), OffsetSpec.latest()));
    }
  }

  /**
   * Whether everything before these ends has been handled. What the broker has forgotten counts as
   * handled, and so does what a topic that was made anew never had.
   */
  public boolean hasReached(Ends ends)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = brokers.admin()) {
      Collection<TopicPartition> partitions = partitions(admin);
      Map<Integer, Long> first = offsets(admin, partitions, OffsetSpec.earliest());
      Map<Integer, Long> last = offsets(admin, partitions, OffsetSpec.latest());
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(GROUP)
              .partitionsToOffsetAndMetadata()
              .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return partitions.stream()
          .allMatch(
              partition -> {
                int n = partition.partition();
                OffsetAndMetadata commit = committed.get(partition);
                long position =
                    Math.max(commit == null ? 0 : commit.offset(), first.getOrDefault(n, 0L));
                return position
                    >= Math.min(ends.offsets().getOrDefault(n, 0L), last.getOrDefault(n, 0L));
              });
    }
  }

  private static Collection<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeTopics(List.of(TOPIC))
        .allTopicNames()
        .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .values()
        .stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(partition -> new TopicPartition(TOPIC, partition.partition()))
        .toList();
  }

  private static Map<Integer, Long> offsets(
      Admin admin, Collection<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<Integer, Long> offsets = new HashMap<>();
    admin
        .listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> which)))
        .all()
        .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, result) -> offsets.put(partition.partition(), result.offset()));
    return offsets;
  }
}
