package orderflow;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.springframework.stereotype.Component;

/**
 * Makes Kafka consumers whose batches are handled at once. camel-kafka looks whether a batch is due only
 * after the poll that follows it; that poll need not wait, so long polls cost no latency and short ones no
 * CPU at rest.
 */
@Component("promptConsumers")
class PromptConsumers extends DefaultKafkaClientFactory {

  @Override
  public Consumer<byte[], byte[]> getConsumer(Properties properties) {
    return new PromptConsumer(properties);
  }

  private static final class PromptConsumer extends KafkaConsumer<byte[], byte[]> {

    private boolean waiting;

    PromptConsumer(Properties properties) {
      super(properties);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = super.poll(waiting ? Duration.ZERO : timeout);
      waiting = !records.isEmpty();
      return records;
    }
  }
}
