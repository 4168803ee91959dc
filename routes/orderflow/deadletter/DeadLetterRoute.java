package orderflow.deadletter;

import orderflow.RetryPolicy;
import orderflow.consumer.ParseRecords;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Files what a consumer gave up on; it goes on to its topic through the outbox. */
@Component
public class DeadLetterRoute extends RouteBuilder {

  /** The property that names the consumer; {@link ParseRecords#FAILED} holds what it gave up on. */
  public static final String CONSUMER = "consumer";

  private final DeadLetters deadLetters;

  DeadLetterRoute(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  @Override
  public void configure() {
    from("direct:dead-letter").routeId("dead-letter").routeConfigurationId(RetryPolicy.CONSUMER)
        .filter(exchange -> !ParseRecords.failed(exchange).isEmpty())
            .process(this::record);
  }

  private void record(Exchange exchange) {
    deadLetters.record(exchange.getProperty(CONSUMER, String.class), ParseRecords.failed(exchange));
  }
}
