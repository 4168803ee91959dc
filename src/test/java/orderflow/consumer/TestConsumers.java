package orderflow.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import orderflow.RetryPolicy;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.RedeliverySettings;
import orderflow.platform.trace.Traces;
import org.apache.camel.RoutesBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The program's consumers by their names alone, for tests of what asks for these. */
public final class TestConsumers {

  /** A failure is tried again at once, for a second. */
  public static final RedeliverySettings REDELIVERY =
      new RedeliverySettings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(1));

  private TestConsumers() {}

  public static OrderConsumers named() {
    return new OrderConsumers(
        Stream.of("point-consumer", "coupon-consumer", "email-consumer")
            .<OrderConsumer<?>>map(Named::new)
            .toList());
  }

  public static ConsumerNames names(JdbcClient jdbc) {
    return new ConsumerNames(named(), new OwnConsumerTable(jdbc));
  }

  /** The route template that these consumers' routes are made from. */
  public static RoutesBuilder template(List<OrderConsumer<?>> consumers, DatabaseAccess database) {
    OrderConsumers all = new OrderConsumers(consumers);
    return new OrderConsumerTemplate(
        all,
        new OwnConsumerList(all),
        new OwnConsumerSettings(Path.of("routes"), Duration.ofDays(1)),
        new HeldRecords(database),
        new RetryPolicy(database, REDELIVERY),
        new Traces(null));
  }

  private record Named(String name) implements OrderConsumer<Object> {

    @Override
    public Object read(EventRecord record) {
      return record;
    }
  }
}
