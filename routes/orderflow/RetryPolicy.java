package orderflow;

import java.util.function.Predicate;
import orderflow.consumer.Bisect;
import orderflow.consumer.OwnFailures;
import orderflow.consumer.RecordFailures;
import orderflow.outbox.EventType;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.OutageLog;
import orderflow.platform.retry.RedeliverySettings;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.springframework.stereotype.Component;

/**
 * What happens when a step of a consumer fails. The world is away: it is tried again with growing pauses, for as
 * long as a batch may wait; {@link Bisect} then decides whether this instance has lost its database or some
 * records must wait. The data is bad: the step fails at once, and {@link Bisect} finds the culprit, which goes to
 * the dead letters while the others go on.
 */
@Component
public class RetryPolicy extends RouteConfigurationBuilder {

  /** For every route between a record and its effects. */
  public static final String CONSUMER = "consumer";

  /** For the step that gives an order to a shop's own route. */
  public static final String OWN_CONSUMER = "own-consumer";

  /** For the step that takes back orders. */
  public static final String REVERSAL_CONSUMER = "reversal-consumer";

  private final DatabaseAccess database;
  private final RedeliverySettings settings;
  private final OutageLog outage = new OutageLog("handling of " + EventType.ORDER_COMPLETED.topic());
  private final OutageLog reversalOutage = new OutageLog("handling of cancelled and returned orders");

  public RetryPolicy(DatabaseAccess database, RedeliverySettings settings) {
    this.database = database;
    this.settings = settings;
  }

  @Override
  public void configuration() {
    retry(routeConfiguration(CONSUMER), RecordFailures::isTransient, exchange -> outage.failure(failure(exchange)));
    retry(routeConfiguration(REVERSAL_CONSUMER), RecordFailures::isTransient,
        exchange -> reversalOutage.failure(failure(exchange)));
    retry(routeConfiguration(OWN_CONSUMER), OwnFailures::isTransient, exchange -> {});
  }

  private void retry(RouteConfigurationDefinition routes, Predicate<Exception> isTransient, Processor onRedelivery) {
    routes.onException(Exception.class).onWhen(exchange -> isTransient.test(failure(exchange)))
        .retryWhile(this::isWorthARetry)
        .redeliveryDelay(settings.initialBackoff().toMillis())
        .useExponentialBackOff().backOffMultiplier(2)
        .maximumRedeliveryDelay(settings.maxBackoff().toMillis())
        .useCollisionAvoidance().collisionAvoidancePercent(20)
        .onRedelivery(onRedelivery)
        .logRetryAttempted(false).logExhausted(false).logStackTrace(false);

    routes.onException(Exception.class)
        .maximumRedeliveries(0).logExhausted(false).logStackTrace(false);
  }

  /** Begins the time that a batch may be retried. */
  public Processor began() {
    return exchange -> exchange.setProperty(RecordFailures.RETRY_UNTIL, retryUntil());
  }

  /** What failed before works again. */
  public Processor recovered() {
    return exchange -> outage.recovered();
  }

  /** What failed before works again for cancelled and returned orders. */
  public Processor reversalsRecovered() {
    return exchange -> reversalOutage.recovered();
  }

  private boolean isWorthARetry(Exchange exchange) {
    Long until = exchange.getProperty(RecordFailures.RETRY_UNTIL, Long.class);
    if (until == null) {
      until = retryUntil();
      exchange.setProperty(RecordFailures.RETRY_UNTIL, until);
    }
    return until != 0 && System.nanoTime() - until < 0 && !database.isLost();
  }

  private long retryUntil() {
    return System.nanoTime() + settings.timeout().toNanos();
  }

  private static Exception failure(Exchange exchange) {
    return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
  }
}
