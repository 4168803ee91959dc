package orderflow.point;

import orderflow.RetryPolicy;
import orderflow.consumer.ParseRecords;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The point consumer: books what orders have earned and publishes it. */
@Component
public class PointConsumer extends RouteBuilder {

  private final PointLedger ledger;
  private final Outbox outbox;

  PointConsumer(PointLedger ledger, Outbox outbox) {
    this.ledger = ledger;
    this.outbox = outbox;
  }

  @Override
  public void configure() {
    templatedRoute("batch-consumer").routeId(PointLedger.NAME)
        .parameter("name", PointLedger.NAME)
        .parameter("to", "direct:book-points");

    from("direct:book-points").routeId("book-points").routeConfigurationId(RetryPolicy.CONSUMER)
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> ledger.rows(ParseRecords.readings(batch)))
        .setHeader(BatchStatement.TOPIC, constant(EventType.POINT_EARNED.topic()))
        .setBody(constant(PointLedger.BOOK))
        .to(BatchStatement.JDBC)
        .process(done -> outbox.wake());
  }
}
