package orderflow;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.springframework.stereotype.Component;

/**
 * Makes Kafka consumers whose batches are handled at once. camel-kafka hands a batch over only after the poll that
 * follows it, which asks Kafka for nothing here: it would wait for records, or give up the batch's partitions to a
 * rebalance before its offsets can be committed.
 */
@Component("promptConsumers")
class PromptConsumers extends DefaultKafkaClientFactory {

  @Override
  public Consumer<byte[], byte[]> getConsumer(Properties properties) {
    return new PromptConsumer(properties);
  }

  private static final class PromptConsumer extends KafkaConsumer<byte[], byte[]> {

    private boolean holdsBatch;

    PromptConsumer(Properties properties) {
      super(properties);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = holdsBatch ? ConsumerRecords.empty() : super.poll(timeout);
      holdsBatch = !records.isEmpty();
      return records;
    }
  }
}
