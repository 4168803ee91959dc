package orderflow;

import java.util.List;
import orderflow.coupon.CouponBook;
import orderflow.outbox.Outbox;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The coupon consumer: turns reservations into uses and tells of it on coupon.used. */
@Component
class CouponRoutes extends RouteBuilder {

  private static final String CONSUMER = "coupon-consumer";
  private static final String BATCH = "batch";

  private final CouponBook book;
  private final Outbox outbox;
  private final HeldRecords held;

  CouponRoutes(CouponBook book, Outbox outbox, HeldRecords held) {
    this.book = book;
    this.outbox = outbox;
    this.held = held;
  }

  @Override
  public void configure() {
    ProducerTemplate routes = getContext().createProducerTemplate();

    from("direct:coupon-consumer").routeId("coupon-consumer").routeConfigurationId(FailurePolicy.CONSUMER)
        .process(new Triage<>(book::read))
        .process(new Halving(routes, "direct:use-coupons", CONSUMER, held))
        .setProperty(DeadLetterRoute.CONSUMER, constant(CONSUMER))
        .to("direct:dead-letter");

    from("direct:use-coupons").routeId("use-coupons").routeConfigurationId(FailurePolicy.CONSUMER)
        .setProperty(BATCH, body())
        .setHeader(Statement.ENTRIES).exchange(batch -> book.rows(Triage.readings(batch)))
        .setBody(constant(CouponBook.USE))
        .to(Statement.JDBC)
        .process(done -> outbox.wake())
        .process(this::keepLeft)
        .process(new Halving(routes, "direct:use-unreserved-coupons", CONSUMER, held));

    from("direct:use-unreserved-coupons").routeId("use-unreserved-coupons").routeConfigurationId(FailurePolicy.CONSUMER)
        .setProperty(Triage.FAILED).exchange(batch -> book.useUnreserved(Triage.readings(batch)))
        .process(done -> outbox.wake());
  }

  /** The statement returns the events that have no reservation; some of them can't have one. */
  private void keepLeft(Exchange exchange) {
    CouponBook.Left left =
        book.left(exchange.getProperty(BATCH, List.class), exchange.getMessage().getBody(List.class));
    exchange.setProperty(Triage.FAILED, left.contradicting());
    exchange.getMessage().setBody(left.unreserved());
  }
}
