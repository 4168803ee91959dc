package orderflow.reversal;

import java.util.Map;
import orderflow.RetryPolicy;
import orderflow.consumer.Branch;
import orderflow.consumer.ConsumerProgress;
import orderflow.consumer.KafkaRecords;
import orderflow.consumer.OrderCompletedRoute;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.StartConsumersWhenTopicsExist;
import orderflow.outbox.EventType;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Reads cancelled and returned orders, in a group of their own: what holds these up holds up no completed order.
 * Offsets are committed when the orders are taken back, or stand among the dead letters.
 */
@Component
class ReversalEventsRoute extends RouteBuilder {

  private static final String GROUP = ConsumerProgress.GROUP + "." + ReversalConsumer.NAME;

  /** Each is applied by itself, in a second together. */
  private static final int BATCH = 50;

  private final ReversalConsumer consumer;
  private final RetryPolicy failures;

  ReversalEventsRoute(ReversalConsumer consumer, RetryPolicy failures) {
    this.consumer = consumer;
    this.failures = failures;
  }

  @Override
  public void configure() {
    Branch.addTo(getContext());
    for (Map.Entry<String, EventType> source : StartConsumersWhenTopicsExist.MORE_ROUTES.entrySet()) {
      from(OrderCompletedRoute.kafka(source.getValue(), GROUP, 1, BATCH)).routeId(source.getKey()).errorHandler(noErrorHandler())
          .autoStartup(false) // started once the topics are there
          .process(failures.began())
          .process(KafkaRecords.read(source.getValue()))
          .multicast().to("direct:" + ReversalConsumer.NAME).end()
          .process(failures.reversalsRecovered())
          .process(KafkaRecords.COMMIT);
    }

    templatedRoute("batch-consumer").routeId(ReversalConsumer.NAME)
        .parameter("name", ReversalConsumer.NAME)
        .parameter("to", "direct:reverse-orders");

    from("direct:reverse-orders").routeId("reverse-orders").routeConfigurationId(RetryPolicy.REVERSAL_CONSUMER)
        .setProperty(ParseRecords.FAILED).exchange(batch -> consumer.apply(ParseRecords.readings(batch)));
  }
}
