package orderflow.coupon;

import java.util.List;
import orderflow.RetryPolicy;
import orderflow.consumer.Bisect;
import orderflow.consumer.HeldRecords;
import orderflow.consumer.ParseRecords;
import orderflow.deadletter.DeadLetterRoute;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The coupon consumer: turns reservations into uses and tells of it on coupon.used. */
@Component
public class CouponConsumer extends RouteBuilder {

  private static final String CONSUMER = "coupon-consumer";
  private static final String BATCH = "batch";

  private final CouponRedeemer book;
  private final Outbox outbox;
  private final HeldRecords held;

  CouponConsumer(CouponRedeemer book, Outbox outbox, HeldRecords held) {
    this.book = book;
    this.outbox = outbox;
    this.held = held;
  }

  @Override
  public void configure() {
    ProducerTemplate routes = getContext().createProducerTemplate();

    from("direct:coupon-consumer").routeId("coupon-consumer").routeConfigurationId(RetryPolicy.CONSUMER)
        .process(new ParseRecords<>(book::read))
        .process(new Bisect(routes, "direct:use-coupons", CONSUMER, held))
        .setProperty(DeadLetterRoute.CONSUMER, constant(CONSUMER))
        .to("direct:dead-letter");

    from("direct:use-coupons").routeId("use-coupons").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(BATCH, body())
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> book.rows(ParseRecords.readings(batch)))
        .setBody(constant(CouponRedeemer.USE))
        .to(BatchStatement.JDBC)
        .process(done -> outbox.wake())
        .process(this::keepLeft)
        .process(new Bisect(routes, "direct:use-unreserved-coupons", CONSUMER, held));

    from("direct:use-unreserved-coupons").routeId("use-unreserved-coupons").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(ParseRecords.FAILED).exchange(batch -> book.useUnreserved(ParseRecords.readings(batch)))
        .process(done -> outbox.wake());
  }

  /** The statement returns the events that have no reservation; some of them can't have one. */
  private void keepLeft(Exchange exchange) {
    CouponRedeemer.Left left =
        book.left(exchange.getProperty(BATCH, List.class), exchange.getMessage().getBody(List.class));
    exchange.setProperty(ParseRecords.FAILED, left.contradicting());
    exchange.getMessage().setBody(left.unreserved());
  }
}
