package orderflow.point;

import orderflow.RetryPolicy;
import orderflow.consumer.Bisect;
import orderflow.consumer.HeldRecords;
import orderflow.consumer.ParseRecords;
import orderflow.deadletter.DeadLetterRoute;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The point consumer: books what orders have earned and tells of it on point.earned. */
@Component
public class PointConsumer extends RouteBuilder {

  private final PointLedger ledger;
  private final Outbox outbox;
  private final HeldRecords held;

  PointConsumer(PointLedger ledger, Outbox outbox, HeldRecords held) {
    this.ledger = ledger;
    this.outbox = outbox;
    this.held = held;
  }

  @Override
  public void configure() {
    from("direct:point-consumer").routeId("point-consumer").routeConfigurationId(RetryPolicy.CONSUMER)
        .process(new ParseRecords<>(ledger::read))
        .process(new Bisect(
            getContext().createProducerTemplate(), "direct:book-points", "point-consumer", held))
        .setProperty(DeadLetterRoute.CONSUMER, constant("point-consumer"))
        .to("direct:dead-letter");

    from("direct:book-points").routeId("book-points").routeConfigurationId(RetryPolicy.CONSUMER)
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> ledger.rows(ParseRecords.readings(batch)))
        .setBody(constant(PointLedger.BOOK))
        .to(BatchStatement.JDBC)
        .process(done -> outbox.wake());
  }
}
