package orderflow;

import orderflow.outbox.Outbox;
import orderflow.point.PointLedger;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The point consumer: books what orders have earned and tells of it on point.earned. */
@Component
class PointRoutes extends RouteBuilder {

  private final PointLedger ledger;
  private final Outbox outbox;
  private final HeldRecords held;

  PointRoutes(PointLedger ledger, Outbox outbox, HeldRecords held) {
    this.ledger = ledger;
    this.outbox = outbox;
    this.held = held;
  }

  @Override
  public void configure() {
    from("direct:point-consumer").routeId("point-consumer").routeConfigurationId(FailurePolicy.CONSUMER)
        .process(new Triage<>(ledger::read))
        .process(new Halving(
            getContext().createProducerTemplate(), "direct:book-points", "point-consumer", held))
        .setProperty(DeadLetterRoute.CONSUMER, constant("point-consumer"))
        .to("direct:dead-letter");

    from("direct:book-points").routeId("book-points").routeConfigurationId(FailurePolicy.CONSUMER)
        .setHeader(Statement.ENTRIES).exchange(batch -> ledger.rows(Triage.readings(batch)))
        .setBody(constant(PointLedger.BOOK))
        .to(Statement.JDBC)
        .process(done -> outbox.wake());
  }
}
