package orderflow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orderflow.event.EventRecord;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The records of a batch as camel-kafka hands them over: a list of exchanges. */
final class KafkaRecords {

  private static final String COMMITS = "offset-commits";

  private KafkaRecords() {}

  /** Makes the batch's body plain records, and remembers how to commit each partition's last one. */
  static final Processor READ =
      exchange -> {
        List<?> batch = exchange.getMessage().getBody(List.class);
        Map<Integer, KafkaManualCommit> lastOfPartition = new HashMap<>();
        List<EventRecord> records =
            batch.stream()
                .map(element -> ((Exchange) element).getMessage())
                .map(
                    message -> {
                      EventRecord record = record(message);
                      KafkaManualCommit commit =
                          message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class);
                      if (commit != null) {
                        lastOfPartition.put(record.partition(), commit);
                      }
                      return record;
                    })
                .toList();
        exchange.setProperty(COMMITS, lastOfPartition);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(records);
      };

  /** Commits the batch's offsets, partition by partition: a batch's own commit would cover only one of them. */
  static final Processor COMMIT =
      exchange -> {
        Map<?, ?> commits = exchange.getProperty(COMMITS, Map.of(), Map.class);
        commits.values().forEach(commit -> ((KafkaManualCommit) commit).commit());
      };

  private static EventRecord record(Message message) {
    Map<String, byte[]> headers = new HashMap<>();
    Headers own = message.getHeader(KafkaConstants.HEADERS, Headers.class);
    if (own != null) {
      for (Header header : own) {
        if (header.value() != null) {
          headers.put(header.key(), header.value());
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
