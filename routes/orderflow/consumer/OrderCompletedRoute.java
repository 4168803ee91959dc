package orderflow.consumer;

import java.util.concurrent.ExecutorService;
import orderflow.RetryPolicy;
import orderflow.outbox.EventType;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualSyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.springframework.stereotype.Component;

/**
 * Reads completed orders in batches and gives each to the three consumers at once. Only when all of them have
 * ended, in success or in dead letters on disk, are the offsets committed.
 */
@Component
public class OrderCompletedRoute extends RouteBuilder {

  public static final String ID = StartConsumersWhenTopicsExist.ROUTE;

  /**
   * Offsets are committed by the route alone, and a batch that fails is read again from the last commit: the
   * consumer leaves the group and comes back. Only a factory of its own makes sure that camel-kafka commits
   * nothing when a batch fails; with its default ones it may. A killed instance's partitions go to the others after
   * the session's 6 s and a heartbeat. A batch takes its retries and some statements that run into their time-outs.
   */
  public static String kafka(EventType type, String group, Object threads, Object batch) {
    return "kafka:{{orderflow.kafka.prefix}}" + type.topic()
          + "?groupId={{orderflow.kafka.prefix}}" + group
          + "&brokers={{orderflow.kafka.brokers}}&autoOffsetReset=earliest"
          + "&consumersCount=" + threads + "&maxPollRecords=" + batch
          + "&batching=true&batchingIntervalMs=0&pollTimeoutMs=1000&kafkaClientFactory=#noPollWhileBatchPending"
          + "&allowManualCommit=true&autoCommitEnable=false&breakOnFirstError=true&pollOnError=RECONNECT"
          + "&keyDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
          + "&valueDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
          + "&kafkaManualCommitFactory=#commitsOfTheRoute"
          + "&sessionTimeoutMs=6000&heartbeatIntervalMs=500&maxPollIntervalMs=90000";
  }

  private static final KafkaManualCommitFactory COMMITS_OF_THE_ROUTE = DefaultKafkaManualSyncCommit::new;

  private final RetryPolicy failures;

  public OrderCompletedRoute(RetryPolicy failures) {
    this.failures = failures;
  }

  @Override
  public void configure() {
    Branch.addTo(getContext());
    ExecutorService branches =
        getContext().getExecutorServiceManager().newCachedThreadPool(this, "consumer-branch");

    getContext().getRegistry().bind("commitsOfTheRoute", KafkaManualCommitFactory.class, COMMITS_OF_THE_ROUTE);

    from(kafka(EventType.ORDER_COMPLETED, ConsumerProgress.GROUP, "{{orderflow.consumer.threads}}", "{{orderflow.consumer.batch}}")).routeId(ID).errorHandler(noErrorHandler())
        .autoStartup(false) // started once the topics are there
        .process(failures.began())
        .process(KafkaRecords.read(EventType.ORDER_COMPLETED))
        .multicast()
            .parallelProcessing().synchronous().executorService(branches)
            .to("direct:point-consumer")
            .to("direct:coupon-consumer")
            .to("direct:email-consumer")
        .end()
        .process(failures.recovered())
        .process(KafkaRecords.COMMIT);
  }
}
