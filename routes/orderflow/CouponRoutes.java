package orderflow;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.coupon.CouponBook;
import orderflow.coupon.CouponBook.Redemption;
import orderflow.event.Reading;
import orderflow.outbox.Outbox;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The coupon consumer: turns reservations into uses and tells of it on coupon.used. */
@Component
class CouponRoutes extends RouteBuilder {

  private static final String BATCH = "batch";

  private final CouponBook book;
  private final Outbox outbox;

  CouponRoutes(CouponBook book, Outbox outbox) {
    this.book = book;
    this.outbox = outbox;
  }

  @Override
  public void configure() {
    ProducerTemplate routes = getContext().createProducerTemplate();

    from("direct:coupon-consumer").routeId("coupon-consumer").routeConfigurationId(FailurePolicy.CONSUMER)
        .process(new Triage<>(book::read))
        .process(new Halving(routes, "direct:use-coupons"))
        .setProperty(DeadLetterRoute.CONSUMER, constant("coupon-consumer"))
        .to("direct:dead-letter");

    from("direct:use-coupons").routeId("use-coupons").routeConfigurationId(FailurePolicy.CONSUMER)
        .setProperty(BATCH, body())
        .setHeader(Statement.ENTRIES).exchange(batch -> book.rows(Triage.readings(batch)))
        .setBody(constant(CouponBook.USE))
        .to(Statement.JDBC)
        .process(done -> outbox.wake())
        .setBody().exchange(this::unreserved)
        .process(new Halving(routes, "direct:use-unreserved-coupons"));

    from("direct:use-unreserved-coupons").routeId("use-unreserved-coupons").routeConfigurationId(FailurePolicy.CONSUMER)
        .setProperty(Triage.FAILED).exchange(batch -> book.useUnreserved(Triage.readings(batch)))
        .process(done -> outbox.wake());
  }

  /** The statement gives the orders that nothing was reserved for. */
  private List<Reading<Redemption>> unreserved(Exchange exchange) {
    List<?> rows = exchange.getMessage().getBody(List.class);
    List<UUID> orderIds = rows.stream().map(row -> (UUID) ((Map<?, ?>) row).get("order_id")).toList();
    return book.among(exchange.getProperty(BATCH, List.class), orderIds);
  }
}
