package orderflow;

import orderflow.deadletter.DeadLetters;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Files what a consumer gave up on; it goes on to order.completed.dlt through the outbox. */
@Component
class DeadLetterRoute extends RouteBuilder {

  /** The property that names the consumer; {@link Triage#FAILED} holds what it gave up on. */
  static final String CONSUMER = "consumer";

  private final DeadLetters deadLetters;

  DeadLetterRoute(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  @Override
  public void configure() {
    from("direct:dead-letter").routeId("dead-letter").routeConfigurationId(FailurePolicy.CONSUMER)
        .filter(exchange -> !Triage.failed(exchange).isEmpty())
            .process(this::record);
  }

  private void record(Exchange exchange) {
    deadLetters.record(exchange.getProperty(CONSUMER, String.class), Triage.failed(exchange));
  }
}
