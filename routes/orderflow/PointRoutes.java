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

  PointRoutes(PointLedger ledger, Outbox outbox) {
    this.ledger = ledger;
    this.outbox = outbox;
  }

  @Override
  public void configure() {
    from("direct:point-consumer").routeId("point-consumer").routeConfigurationId(FailurePolicy.PERSISTENT)
        .setProperty(DeadLetterRoute.CONSUMER, constant("point-consumer"))
        .process(new Triage<>(ledger::read))
        .to("direct:dead-letter")
        .to("direct:book-points");

    from("direct:book-points").routeId("book-points").routeConfigurationId(FailurePolicy.HALVING)
        .filter(Batch::isInBody)
            .process(Batch.REMEMBER)
            .setHeader("entries").exchange(exchange -> ledger.rows(Batch.of(exchange)))
            .setBody(constant(PointLedger.BOOK))
            .to(Batch.STATEMENT)
            .process(exchange -> outbox.wake());
  }
}
