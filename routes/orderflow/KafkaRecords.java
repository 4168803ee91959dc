package orderflow;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orderflow.event.EventRecord;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The records of a batch as camel-kafka hands them over: a list of exchanges. */
final class KafkaRecords {

  private static final String END = "end-of-batch";

  private KafkaRecords() {}

  /** Where a batch ends in each of its partitions, and the consumer that tells the broker. */
  private record End(Consumer<?, ?> consumer, Duration timeout, Map<TopicPartition, OffsetAndMetadata> offsets) {

    static End of(List<DefaultKafkaManualCommit> commits) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (DefaultKafkaManualCommit commit : commits) {
        offsets.put(commit.getPartition(), new OffsetAndMetadata(commit.getRecordOffset() + 1));
      }
      DefaultKafkaManualCommit last = commits.get(commits.size() - 1);
      return new End(last.getConsumer(), Duration.ofMillis(last.getCommitTimeout()), offsets);
    }

    void commit() {
      consumer.commitSync(offsets, timeout);
    }
  }

  /** Makes the batch's body plain records, and remembers where it ends. */
  static final Processor READ =
      exchange -> {
        List<?> batch = exchange.getMessage().getBody(List.class);
        List<Message> messages = batch.stream().map(element -> ((Exchange) element).getMessage()).toList();
        exchange.setProperty(END, End.of(messages.stream()
            .map(message -> message.getHeader(KafkaConstants.MANUAL_COMMIT, DefaultKafkaManualCommit.class))
            .toList()));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(messages.stream().map(KafkaRecords::record).toList());
      };

  /** Commits the batch's offsets in one request: a batch's own commit would cover only one partition. */
  static final Processor COMMIT = exchange -> exchange.getProperty(END, End.class).commit();

  private static EventRecord record(Message message) {
    Map<String, byte[]> headers = new HashMap<>();
    Headers own = message.getHeader(KafkaConstants.HEADERS, Headers.class);
    if (own != null) {
      for (Header header : own) {
        if (header.value() != null) {
          headers.put(header.key().replace("\0", "\\0"), header.value()); // which PostgreSQL's JSON can't hold
        }
      }
    }
    return new EventRecord(
        message.getHeader(KafkaConstants.TOPIC, String.class),
        message.getHeader(KafkaConstants.PARTITION, Integer.class),
        message.getHeader(KafkaConstants.OFFSET, Long.class),
        message.getHeader(KafkaConstants.KEY, byte[].class),
        message.getBody(byte[].class),
        headers);
  }
}
