package orderflow;

import java.util.List;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.OutboxRecord;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultExchange;
import org.springframework.stereotype.Component;

/** Publishes what the outbox holds: one send of a list, which ends when the broker has every record. */
@Component
class OutboxRoute extends RouteBuilder {

  static final String PUBLISH = "direct:publish";

  /**
   * Synchronous: the transaction that deletes the rows waits for every acknowledgement. One request
   * at a time: of two, a partition that was just made can refuse the first and take the second, and
   * then refuses the first until its time is up (KAFKA-15591).
   */
  private static final String KAFKA =
      "kafka:order.completed?brokers={{orderflow.kafka.brokers}}&synchronous=true"
          + "&batchWithIndividualHeaders=true&requestRequiredAcks=all"
          + "&keySerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
          + "&valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
          + "&lingerMs=0&maxInFlightRequest=1&maxRequestSize=2097152"
          + "&maxBlockMs=5000&requestTimeoutMs=5000&deliveryTimeoutMs=15000";

  @Override
  public void configure() {
    // The outbox keeps what could not be sent, and tries again.
    from(PUBLISH).routeId("publish").errorHandler(noErrorHandler())
        .process(this::toKafka)
        .to(KAFKA);
  }

  private void toKafka(Exchange exchange) {
    List<?> records = exchange.getMessage().getBody(List.class);
    exchange.getMessage().setBody(records.stream().map(record -> toKafka((OutboxRecord) record)).toList());
  }

  private Exchange toKafka(OutboxRecord record) {
    Exchange exchange = new DefaultExchange(getContext());
    Message message = exchange.getMessage();
    CloudEvents.headers(record).forEach((name, value) -> {
      if (!steersCamel(name)) {
        message.setHeader(name, value);
      }
    });
    message.setHeader(KafkaConstants.OVERRIDE_TOPIC, record.topic());
    message.setHeader(KafkaConstants.KEY, record.key());
    message.setBody(record.payload());
    return exchange;
  }

  /** Camel would choose the partition or the time by it, and never sends it; a dead letter may bear any. */
  private static boolean steersCamel(String header) {
    return header.regionMatches(true, 0, "kafka.", 0, "kafka.".length());
  }
}
