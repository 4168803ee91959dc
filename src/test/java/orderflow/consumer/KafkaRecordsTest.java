package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import orderflow.outbox.EventType;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualSyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.KafkaRecordPayload;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaRecordsTest {

  private static final TopicPartition ON_THE_BROKER =
      new TopicPartition("shop-a.order.completed", 3);

  private final CamelContext camel = new DefaultCamelContext();
  private final Consumer<?, ?> kafka = mock();

  @Test
  void recordsNameTheirLogicalTopicAndOffsetsTheBrokersOwn() throws Exception {
    Exchange batch = new DefaultExchange(camel);
    batch.getMessage().setBody(List.of(message(5), message(6), message(7)));

    KafkaRecords.read(EventType.ORDER_COMPLETED).process(batch);
    List<?> records = batch.getMessage().getBody(List.class);
    KafkaRecords.holdBack(batch, List.of((EventRecord) records.get(1)));
    KafkaRecords.COMMIT.process(batch);

    assertThat(records)
        .extracting(Object::toString)
        .containsExactly("order.completed-3@5", "order.completed-3@6", "order.completed-3@7");
    verify(kafka)
        .commitSync(Map.of(ON_THE_BROKER, new OffsetAndMetadata(6)), Duration.ofSeconds(5));
    verify(kafka).seek(ON_THE_BROKER, 6L);
  }

  private Exchange message(long offset) {
    Exchange exchange = new DefaultExchange(camel);
    Message message = exchange.getMessage();
    message.setHeader(KafkaConstants.TOPIC, ON_THE_BROKER.topic());
    message.setHeader(KafkaConstants.PARTITION, ON_THE_BROKER.partition());
    message.setHeader(KafkaConstants.OFFSET, offset);
    message.setHeader(
        KafkaConstants.MANUAL_COMMIT,
        new DefaultKafkaManualSyncCommit(
            new CamelExchangePayload(null, kafka, "", null),
            new KafkaRecordPayload(ON_THE_BROKER, offset, 5000),
            null));
    message.setBody("{}".getBytes(StandardCharsets.UTF_8));
    return exchange;
  }
}
