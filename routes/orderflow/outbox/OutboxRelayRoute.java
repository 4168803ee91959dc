package orderflow.outbox;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.springframework.stereotype.Component;

/** Publishes a record of the outbox; its exchange ends when the broker has it, or does not take it. */
@Component
public class OutboxRelayRoute extends RouteBuilder {

  private static final String ANSWERS = "kafkaAnswers";

  /**
   * Asynchronous: records that are sent one after the other travel together, and each has an answer
   * of its own. One request at a time: of two, a partition that was just made can refuse the first
   * and take the second, and then refuses the first until its time is up (KAFKA-15591).
   */
  private static final String KAFKA =
      "kafka:{{orderflow.kafka.prefix}}" + EventType.ORDER_COMPLETED.topic()
          + "?brokers={{orderflow.kafka.brokers}}&requestRequiredAcks=all"
          + "&interceptorClasses=orderflow.outbox.OriginalHeaders&useIterator=false&recordMetadata=false&workerPool=#" + ANSWERS
          + "&keySerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
          + "&valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
          + "&lingerMs=0&maxInFlightRequest=1&maxRequestSize=2097152"
          + "&maxBlockMs=5000&requestTimeoutMs=5000&deliveryTimeoutMs=15000";

  private final KafkaNames names;

  OutboxRelayRoute(KafkaNames names) {
    this.names = names;
  }

  @Override
  public void configure() {
    bindToRegistry(ANSWERS, new CallerRuns());
    // The outbox keeps what could not be sent, and tries again.
    from(KafkaPublisher.ENDPOINT).routeId("publish").errorHandler(noErrorHandler())
        .process(this::toKafka)
        .to(KAFKA);
  }

  private void toKafka(Exchange exchange) {
    Message message = exchange.getMessage();
    OutboxRecord record = message.getBody(OutboxRecord.class);
    CloudEvents.headers(record).forEach((name, value) -> {
      if (!steersCamel(name)) {
        message.setHeader(name, value);
      }
    });
    message.setHeader(KafkaConstants.OVERRIDE_TOPIC, names.of(record.topic()));
    message.setHeader(KafkaConstants.KEY, record.key());
    message.setBody(record.payload());
  }

  /** Camel would choose the partition or the time by it, and never sends it; a dead letter may bear any. */
  private static boolean steersCamel(String header) {
    return header.regionMatches(true, 0, "kafka.", 0, "kafka.".length());
  }

  /** Ends exchanges on the producer's own thread: an answer is noted and nothing else. */
  private static final class CallerRuns extends AbstractExecutorService {

    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
