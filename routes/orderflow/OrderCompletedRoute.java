package orderflow;

import java.util.concurrent.ExecutorService;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Reads order.completed in batches and gives each to the three consumers at once. Only when all of them have
 * ended, in success or in dead letters on disk, are the offsets committed.
 */
@Component
class OrderCompletedRoute extends RouteBuilder {

  static final String ID = "order-completed";

  /**
   * Offsets are committed by the route alone, and a batch that fails is read again from the last commit. A
   * killed instance's partitions go to the others after the session's 6 s and a heartbeat.
   */
  private static final String KAFKA =
      "kafka:order.completed?brokers={{orderflow.kafka.brokers}}&groupId=orderflow&autoOffsetReset=earliest"
          + "&consumersCount={{orderflow.consumer.threads}}&maxPollRecords={{orderflow.consumer.batch}}"
          + "&batching=true&batchingIntervalMs=0&pollTimeoutMs=1000&kafkaClientFactory=#promptConsumers"
          + "&allowManualCommit=true&autoCommitEnable=false&breakOnFirstError=true&pollOnError=RECONNECT"
          + "&keyDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
          + "&valueDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
          + "&sessionTimeoutMs=6000&heartbeatIntervalMs=500&maxPollIntervalMs=900000";

  private final FailurePolicy failures;

  OrderCompletedRoute(FailurePolicy failures) {
    this.failures = failures;
  }

  @Override
  public void configure() {
    ExecutorService branches =
        getContext().getExecutorServiceManager().newCachedThreadPool(this, "consumer-branch");
    ProducerTemplate routes = getContext().createProducerTemplate();

    // A batch that fails here is read again, which the consumer itself tells the log.
    from(KAFKA).routeId(ID).errorHandler(noErrorHandler())
        .autoStartup(false) // started once the topics are there
        .process(KafkaRecords.READ)
        .multicast(new FirstFailure())
            .parallelProcessing().synchronous().executorService(branches)
            .process(new Branch(routes, "direct:point-consumer"))
            .process(new Branch(routes, "direct:coupon-consumer"))
            .process(new Branch(routes, "direct:email-consumer"))
        .end()
        .process(failures.recovered())
        .process(KafkaRecords.COMMIT);
  }
}
