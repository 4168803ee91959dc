package orderflow;

import java.util.concurrent.ExecutorService;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Reads order.completed in batches and gives each to the three consumers at once. Only when all of them have
 * ended, in success or in dead letters on disk, are the offsets committed.
 */
@Component
class OrderCompletedRoute extends RouteBuilder {

  static final String ID = "order-completed";

  private final FailurePolicy failures;

  OrderCompletedRoute(FailurePolicy failures) {
    this.failures = failures;
  }

  @Override
  public void configure() {
    ExecutorService branches =
        getContext().getExecutorServiceManager().newCachedThreadPool(this, "consumer-branch");

    from("{{orderflow.routes.order-completed}}").routeId(ID)
        .autoStartup(false) // started once the topics are there
        .process(KafkaRecords.READ)
        .multicast(new FirstFailure())
            .parallelProcessing().synchronous().executorService(branches)
            .to("direct:point-consumer", "direct:coupon-consumer", "direct:email-consumer")
        .end()
        .process(KafkaRecords.COMMIT);
  }
}
