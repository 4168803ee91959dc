package orderflow;

import java.util.List;
import orderflow.deadletter.DeadLetters;
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
  @SuppressWarnings("unchecked") // triage and the failure policy made it
  public void configure() {
    from("direct:dead-letter").routeId("dead-letter").routeConfigurationId(FailurePolicy.PERSISTENT)
        .filter(exchange -> !exchange.getProperty(Triage.FAILED, List.of(), List.class).isEmpty())
            .process(
                exchange ->
                    deadLetters.record(
                        exchange.getProperty(CONSUMER, String.class),
                        exchange.getProperty(Triage.FAILED, List.class)));
  }
}
