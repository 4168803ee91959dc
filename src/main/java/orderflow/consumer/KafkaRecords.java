package orderflow.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import orderflow.outbox.EventType;
import orderflow.platform.camel.NoPollWhileBatchPending;
import orderflow.platform.kafka.Header;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/** The records of a batch as camel-kafka hands them over: a list of exchanges. */
public final class KafkaRecords {

  /** The property with records that were not tried, and are read again at once. */
  static final String POSTPONED = "postponed";

  static final String END = "end-of-batch";

  private KafkaRecords() {}

  /**
   * Where a batch ends in each of its partitions, and the consumer that commits.
   *
   * @param topic by its name on the broker
   * @param held where it ends already because of a record that waits
   * @param postponed where it ends already because of a record that was not tried
   * @param answered whether a branch has said which records these are
   */
  private record End(
      Consumer<?, ?> consumer,
      String topic,
      Duration timeout,
      Map<TopicPartition, Long> offsets,
      Map<TopicPartition, Long> held,
      Map<TopicPartition, Long> postponed,
      AtomicBoolean answered) {

    static End of(List<DefaultKafkaManualCommit> commits) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      for (DefaultKafkaManualCommit commit : commits) {
        offsets.put(commit.getPartition(), commit.getRecordOffset() + 1);
      }
      DefaultKafkaManualCommit last = commits.get(commits.size() - 1);
      return new End(
          last.getConsumer(),
          last.getPartition().topic(),
          Duration.ofMillis(last.getCommitTimeout()),
          offsets,
          new ConcurrentHashMap<>(),
          new ConcurrentHashMap<>(),
          new AtomicBoolean());
    }

    void commit() {
      if (!answered.get()) {
        throw new IllegalStateException("no branch has said which records are to be held back");
      }
      Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
      offsets.forEach(
          (partition, end) ->
              done.put(
                  partition,
                  new OffsetAndMetadata(
                      Math.min(end(held, partition, end), end(postponed, partition, end)))));
      consumer.commitSync(done, timeout);
      if (!held.isEmpty()) {
        NoPollWhileBatchPending.holdBack(consumer, held);
      }
      postponed.keySet().removeAll(held.keySet());
      if (!postponed.isEmpty()) {
        NoPollWhileBatchPending.readAgain(consumer, postponed);
      }
    }
  }

  private static long end(Map<TopicPartition, Long> earlier, TopicPartition partition, long end) {
    return earlier.getOrDefault(partition, end);
  }

  /**
   * Makes the batch's body plain records, and remembers where it ends. Whatever their topic is
   * called on the broker, the records name that of their type.
   */
  public static Processor read(EventType type) {
    return exchange -> {
      List<?> batch = exchange.getMessage().getBody(List.class);
      List<Message> messages =
          batch.stream().map(element -> ((Exchange) element).getMessage()).toList();
      exchange.setProperty(
          END,
          End.of(
              messages.stream()
                  .map(
                      message ->
                          message.getHeader(
                              KafkaConstants.MANUAL_COMMIT, DefaultKafkaManualCommit.class))
                  .toList()));
      exchange.getMessage().removeHeaders("*");
      exchange
          .getMessage()
          .setBody(messages.stream().map(message -> record(type, message)).toList());
    };
  }

  /**
   * Commits the batch's offsets in one request: a batch's own commit would cover only one
   * partition.
   */
  public static final Processor COMMIT = exchange -> exchange.getProperty(END, End.class).commit();

  /** Whether an exchange bears a batch of Kafka's, or a part of one. */
  static boolean isBatch(Exchange exchange) {
    return exchange.getProperty(END) != null;
  }

  /** Has these records of a batch read again after a pause; any branch may say so. */
  static void holdBack(Exchange batch, List<EventRecord> records) {
    End end = batch.getProperty(END, End.class);
    end.answered.set(true);
    readAgain(end, end.held, records);
  }

  /** Has these records of a batch read again at once. */
  static void postpone(Exchange batch, List<EventRecord> records) {
    End end = batch.getProperty(END, End.class);
    readAgain(end, end.postponed, records);
  }

  @SuppressWarnings("unchecked") // made by ApplyEach
  static List<EventRecord> postponed(Exchange exchange) {
    return exchange.getProperty(POSTPONED, List.of(), List.class);
  }

  private static void readAgain(
      End end, Map<TopicPartition, Long> earlier, List<EventRecord> records) {
    for (EventRecord record : records) {
      earlier.merge(new TopicPartition(end.topic, record.partition()), record.offset(), Math::min);
    }
  }

  private static EventRecord record(EventType type, Message message) {
    List<Header> headers = new ArrayList<>();
    Headers own = message.getHeader(KafkaConstants.HEADERS, Headers.class);
    if (own != null) {
      own.forEach(header -> headers.add(new Header(header.key(), header.value())));
    }
    return new EventRecord(
        type.topic(),
        message.getHeader(KafkaConstants.PARTITION, Integer.class),
        message.getHeader(KafkaConstants.OFFSET, Long.class),
        message.getHeader(KafkaConstants.KEY, byte[].class),
        message.getBody(byte[].class),
        headers);
  }
}
