package orderflow;

import java.util.List;
import orderflow.background.Outage;
import orderflow.deadletter.DeadLetters.Failed;
import orderflow.event.Reading;
import orderflow.failure.Failures;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.springframework.stereotype.Component;

/**
 * What happens when a step of a consumer fails. The world is away: it is tried again with growing pauses for
 * as long as that takes, and the offsets stay where they are. Something in a batch is bad: the batch is
 * halved until the culprit stands alone and goes to the dead letters, while the others go on.
 */
@Component
class FailurePolicy extends RouteConfigurationBuilder {

  /** For routes that must succeed in the end. */
  static final String PERSISTENT = "persistent";

  /** For routes that apply a batch of readings; they {@link Batch#REMEMBER} it first. */
  static final String HALVING = "halving";

  private final Outage outage = new Outage("order.completed can't be handled: it");

  @Override
  public void configuration() {
    RouteConfigurationDefinition persistent = routeConfiguration(PERSISTENT);
    redeliverWhileAway(persistent);

    RouteConfigurationDefinition halving = routeConfiguration(HALVING);
    redeliverWhileAway(halving);
    halving.onException(Exception.class).onWhen(exchange -> Batch.of(exchange).size() > 1)
        .handled(true)
        .split().exchange(Batch::halves)
            .toD("direct:${routeId}")
        .end();
    halving.onException(Exception.class)
        .handled(true)
        .process(FailurePolicy::giveUp)
        .to("direct:dead-letter");
  }

  /** What failed before works again. */
  Processor recovered() {
    return exchange -> outage.over();
  }

  private void redeliverWhileAway(RouteConfigurationDefinition configuration) {
    configuration.onException(Exception.class).onWhen(exchange -> Failures.isAway(failure(exchange)))
        .maximumRedeliveries(-1)
        .redeliveryDelay("{{orderflow.redelivery.first-pause}}")
        .useExponentialBackOff().backOffMultiplier(2)
        .maximumRedeliveryDelay("{{orderflow.redelivery.longest-pause}}")
        .useCollisionAvoidance().collisionAvoidancePercent(20)
        .onRedelivery(exchange -> outage.failed(failure(exchange)))
        .logRetryAttempted(false).logExhausted(false).logStackTrace(false);
  }

  private static void giveUp(Exchange exchange) {
    Reading<?> culprit = Batch.of(exchange).get(0);
    exchange.setProperty(Triage.FAILED, List.of(new Failed(culprit.record(), Failures.reason(failure(exchange)))));
  }

  private static Exception failure(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
  }
}
