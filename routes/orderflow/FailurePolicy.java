package orderflow;

import orderflow.background.Outage;
import orderflow.failure.Failures;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.springframework.stereotype.Component;

/**
 * What happens when a step of a consumer fails. The world is away: it is tried again with growing pauses for
 * as long as that takes, and the offsets stay where they are. The data is bad: the step fails at once, and
 * {@link Halving} finds the culprit, which goes to the dead letters while the others go on.
 */
@Component
class FailurePolicy extends RouteConfigurationBuilder {

  /** For every route between a record and its effects. */
  static final String CONSUMER = "consumer";

  private final Outage outage = new Outage("handling of order.completed");

  @Override
  public void configuration() {
    RouteConfigurationDefinition consumer = routeConfiguration(CONSUMER);
    consumer.onException(Exception.class).onWhen(FailurePolicy::isAway)
        .maximumRedeliveries(-1)
        .redeliveryDelay("{{orderflow.redelivery.first-pause}}")
        .useExponentialBackOff().backOffMultiplier(2)
        .maximumRedeliveryDelay("{{orderflow.redelivery.longest-pause}}")
        .useCollisionAvoidance().collisionAvoidancePercent(20)
        .onRedelivery(exchange -> outage.failed(failure(exchange)))
        .logRetryAttempted(false).logExhausted(false).logStackTrace(false);

    consumer.onException(Exception.class)
        .maximumRedeliveries(0).logExhausted(false).logStackTrace(false);
  }

  /** What failed before works again. */
  Processor recovered() {
    return exchange -> outage.over();
  }

  private static boolean isAway(Exchange exchange) {
    return Failures.isAway(failure(exchange));
  }

  private static Exception failure(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
  }
}
