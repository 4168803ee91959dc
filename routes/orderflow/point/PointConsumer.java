package orderflow.point;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.RetryPolicy;
import orderflow.consumer.EffectMetrics;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.ParsedRecord;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The point consumer: books what orders have earned and publishes it. */
@Component
public class PointConsumer extends RouteBuilder {

  private static final String BATCH = "batch";

  private final PointLedger ledger;
  private final Outbox outbox;
  private final EffectMetrics metrics;

  PointConsumer(PointLedger ledger, Outbox outbox, EffectMetrics metrics) {
    this.ledger = ledger;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  @Override
  public void configure() {
    templatedRoute("batch-consumer").routeId(PointLedger.NAME)
        .parameter("name", PointLedger.NAME)
        .parameter("to", "direct:book-points");

    from("direct:book-points").routeId("book-points").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(BATCH, body())
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> ledger.rows(ParseRecords.readings(batch)))
        .setHeader(BatchStatement.TOPIC, constant(EventType.POINT_EARNED.topic()))
        .setBody(constant(PointLedger.BOOK))
        .to(BatchStatement.JDBC)
        .process(done -> outbox.wake())
        .process(this::measure);
  }

  @SuppressWarnings("unchecked") // set above and by the statement
  private void measure(Exchange exchange) {
    List<ParsedRecord<PointLedger.Earned>> batch = exchange.getProperty(BATCH, List.class);
    List<Map<String, Object>> booked = exchange.getMessage().getBody(List.class);
    metrics.committed(
        PointLedger.NAME,
        EffectMetrics.Effect.POINTS,
        batch,
        PointLedger.Earned::orderId,
        booked.stream().map(row -> (UUID) row.get("order_id")).toList());
  }
}
