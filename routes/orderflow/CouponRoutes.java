package orderflow;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.coupon.CouponBook;
import orderflow.coupon.CouponBook.Redemption;
import orderflow.event.Reading;
import orderflow.outbox.Outbox;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The coupon consumer: turns reservations into uses and tells of it on coupon.used. */
@Component
class CouponRoutes extends RouteBuilder {

  private final CouponBook book;
  private final Outbox outbox;

  CouponRoutes(CouponBook book, Outbox outbox) {
    this.book = book;
    this.outbox = outbox;
  }

  @Override
  public void configure() {
    from("direct:coupon-consumer").routeId("coupon-consumer").routeConfigurationId(FailurePolicy.PERSISTENT)
        .setProperty(DeadLetterRoute.CONSUMER, constant("coupon-consumer"))
        .process(new Triage<>(book::read))
        .to("direct:dead-letter")
        .to("direct:use-coupons");

    from("direct:use-coupons").routeId("use-coupons").routeConfigurationId(FailurePolicy.HALVING)
        .filter(Batch::isInBody)
            .process(Batch.REMEMBER)
            .setHeader("entries").exchange(exchange -> book.rows(Batch.of(exchange)))
            .setBody(constant(CouponBook.USE))
            .to(Batch.STATEMENT)
            .process(exchange -> outbox.wake())
            .process(this::keepUnreserved)
            .split(body())
                .to("direct:use-unreserved-coupon");

    from("direct:use-unreserved-coupon").routeId("use-unreserved-coupon").routeConfigurationId(FailurePolicy.HALVING)
        .process(Batch.REMEMBER)
        .process(this::useUnreserved)
        .process(exchange -> outbox.wake());
  }

  /** The statement gives the orders that nothing was reserved for; each is a batch of its own from here. */
  private void keepUnreserved(Exchange exchange) {
    List<?> rows = exchange.getMessage().getBody(List.class);
    List<UUID> orderIds = rows.stream().map(row -> (UUID) ((Map<?, ?>) row).get("order_id")).toList();
    List<Reading<Redemption>> batch = Batch.of(exchange);
    exchange.getMessage().setBody(book.among(batch, orderIds).stream().map(List::of).toList());
  }

  private void useUnreserved(Exchange exchange) {
    Batch.<Redemption>of(exchange).forEach(book::useUnreserved);
  }
}
