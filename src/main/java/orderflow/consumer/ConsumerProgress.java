package orderflow.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import orderflow.outbox.ConsumerLag;
import orderflow.outbox.EventType;
import orderflow.outbox.KafkaNames;
import orderflow.platform.kafka.Brokers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** How far the consumers of completed orders have come. */
@Component
public class ConsumerProgress implements ConsumerLag, DisposableBean {

  /** The consumers' group, by its logical name. */
  public static final String GROUP = "orderflow";

  private final Brokers brokers;
  private final KafkaNames names;
  private final String topic;
  private final String group;

  /** Kept open for {@link #records()}, which is asked often while it is asked at all. */
  private @Nullable Admin kept;

  ConsumerProgress(Brokers brokers, KafkaNames names) {
    this.brokers = brokers;
    this.names = names;
    this.topic = names.of(EventType.ORDER_COMPLETED.topic());
    this.group = names.of(GROUP);
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
      Map<Integer, Long> positions = positions(admin, partitions);
      Map<Integer, Long> last = offsets(admin, partitions, OffsetSpec.latest());
      return partitions.stream()
          .map(TopicPartition::partition)
          .allMatch(
              n ->
                  positions.getOrDefault(n, 0L)
                      >= Math.min(ends.offsets().getOrDefault(n, 0L), last.getOrDefault(n, 0L)));
    }
  }

  @Override
  public synchronized long records() {
    try {
      kept = kept == null ? brokers.admin() : kept;
      Collection<TopicPartition> partitions = partitions(kept);
      Map<Integer, Long> last = offsets(kept, partitions, OffsetSpec.latest());
      Map<Integer, Long> positions = positions(kept, partitions);
      return last.entrySet().stream()
          .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L)))
          .sum();
    } catch (ExecutionException | TimeoutException e) {
      destroy();
      throw new IllegalStateException("there is no telling how far the consumers are", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public synchronized void destroy() {
    if (kept != null) {
      kept.close(Duration.ZERO);
      kept = null;
    }
  }

  /** Has a group begin with what is published from now on. */
  void beginNow(String ownGroup) throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = brokers.admin()) {
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      offsets(admin, partitions(admin), OffsetSpec.latest())
          .forEach(
              (partition, end) ->
                  ends.put(new TopicPartition(topic, partition), new OffsetAndMetadata(end)));
      admin
          .alterConsumerGroupOffsets(names.of(ownGroup), ends)
          .all()
          .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Where the consumers are; what the broker has forgotten is behind them. */
  private Map<Integer, Long> positions(Admin admin, Collection<TopicPartition> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<Integer, Long> positions = offsets(admin, partitions, OffsetSpec.earliest());
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .forEach(
            (partition, commit) -> {
              if (commit != null) {
                positions.merge(partition.partition(), commit.offset(), Math::max);
              }
            });
    return positions;
  }

  private Collection<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .values()
        .stream()
        .flatMap(described -> described.partitions().stream())
        .map(partition -> new TopicPartition(topic, partition.partition()))
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
