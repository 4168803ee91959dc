package orderflow.platform.camel;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.BackgroundLoop;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Creates Kafka consumers whose batches are processed at once. camel-kafka delivers a batch only
 * after the next poll, which returns nothing here: a real poll would wait for records, or lose the
 * batch's partitions to a rebalance before the commit.
 *
 * <p>While the database is unavailable, these consumers leave their group.
 */
@Component("noPollWhileBatchPending")
public class NoPollWhileBatchPending extends DefaultKafkaClientFactory {

  private static final Logger log = LoggerFactory.getLogger(NoPollWhileBatchPending.class);

  /** Of a partition whose next record can't be applied. */
  private static final Duration REST = Duration.ofSeconds(5);

  /**
   * After a batch of fewer records than this, and than a poll returns at most, there is no backlog.
   */
  private static final int FEW = 100;

  /** Transaction markers leave small gaps; larger ones are compared with the committed offset. */
  private static final long GAP = 1_000;

  private final DatabaseAccess database;
  private final Duration rest;

  @Autowired
  public NoPollWhileBatchPending(DatabaseAccess database) {
    this(database, REST);
  }

  /**
   * @param rest the pause of a partition whose next record can't be applied
   */
  public NoPollWhileBatchPending(DatabaseAccess database, Duration rest) {
    this.database = database;
    this.rest = rest;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Properties properties) {
    return new PromptConsumer(properties, database, rest);
  }

  /** Pauses partitions, then reads them again from these offsets. */
  public static void holdBack(Consumer<?, ?> consumer, Map<TopicPartition, Long> offsets) {
    if (consumer instanceof PromptConsumer prompt) {
      prompt.holdBack(offsets);
    } else {
      offsets.forEach(consumer::seek);
    }
  }

  /** Reads partitions on from these offsets. */
  public static void readAgain(Consumer<?, ?> consumer, Map<TopicPartition, Long> offsets) {
    if (consumer instanceof PromptConsumer prompt) {
      prompt.readAgain(offsets);
    } else {
      offsets.forEach(consumer::seek);
    }
  }

  private static final class PromptConsumer extends KafkaConsumer<byte[], byte[]> {

    private final DatabaseAccess database;
    private final long restNanos;
    private final int few;
    private final Map<TopicPartition, Long> resting = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private @Nullable Collection<String> topics;
    private @Nullable ConsumerRebalanceListener listener;
    private boolean stepsBack;
    private long polled;
    private boolean hadFew;
    private boolean holdsBatch;

    PromptConsumer(Properties properties, DatabaseAccess database, Duration rest) {
      super(properties);
      this.database = database;
      this.restNanos = rest.toNanos();
      this.few =
          Math.min(
              FEW,
              Integer.parseInt(
                  String.valueOf(
                      properties.getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, FEW))));
    }

    @Override
    public void subscribe(Collection<String> to, ConsumerRebalanceListener rebalances) {
      topics = to;
      listener = rebalances;
      super.subscribe(to, rebalances);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      if (holdsBatch) {
        holdsBatch = false;
        return ConsumerRecords.empty();
      }
      if (topics != null && database.isLost()) {
        stepBack();
        database.awaitReturn(timeout);
        return ConsumerRecords.empty();
      }
      comeBack();
      wakeRested();
      if (hadFew) {
        LockSupport.parkNanos(BackgroundLoop.restAfter(System.nanoTime() - polled).toNanos());
      }
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      polled = System.nanoTime();
      holdsBatch = !records.isEmpty();
      hadFew = holdsBatch && records.count() < few;
      for (TopicPartition partition : records.partitions()) {
        watch(partition, records.records(partition));
      }
      return records;
    }

    private void stepBack() {
      if (!stepsBack) {
        stepsBack = true;
        unsubscribe();
        resting.clear();
        next.clear();
      }
    }

    private void comeBack() {
      if (stepsBack && topics != null) {
        stepsBack = false;
        if (listener == null) {
          super.subscribe(topics);
        } else {
          super.subscribe(topics, listener);
        }
      }
    }

    private void holdBack(Map<TopicPartition, Long> offsets) {
      readAgain(offsets);
      offsets.keySet().forEach(partition -> resting.put(partition, System.nanoTime()));
      pause(offsets.keySet());
    }

    private void readAgain(Map<TopicPartition, Long> offsets) {
      offsets.forEach(
          (partition, offset) -> {
            seek(partition, offset);
            next.put(partition, offset);
          });
    }

    private void wakeRested() {
      if (!resting.isEmpty()) {
        Set<TopicPartition> mine = assignment();
        for (Iterator<Map.Entry<TopicPartition, Long>> i = resting.entrySet().iterator();
            i.hasNext(); ) {
          Map.Entry<TopicPartition, Long> rest = i.next();
          boolean isMine = mine.contains(rest.getKey());
          if (!isMine || System.nanoTime() - rest.getValue() >= restNanos) {
            i.remove();
            if (isMine) {
              resume(List.of(rest.getKey()));
            }
          }
        }
      }
    }

    /** Logs records that the topic has lost, or that are read again because it was truncated. */
    private void watch(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
      long first = records.get(0).offset();
      Long expected = next.put(partition, records.get(records.size() - 1).offset() + 1);
      if (expected == null || first < expected || first - expected >= GAP) {
        try {
          OffsetAndMetadata committed = committed(Set.of(partition)).get(partition);
          if (committed != null && first < committed.offset()) {
            log.warn(
                "{} was truncated: it was read up to offset {} and is read again from {}; effects already applied"
                    + " are not repeated",
                partition,
                committed.offset(),
                first);
          } else if (committed != null
              && first > committed.offset()
              && beginningOffsets(Set.of(partition)).getOrDefault(partition, 0L)
                  > committed.offset()) {
            log.warn(
                "{} lost unread records, from offset {} up to {}",
                partition,
                committed.offset(),
                first);
          }
        } catch (KafkaException e) {
          log.debug("No offset to compare with", e); // the records count, not this line
        }
      }
    }
  }
}
