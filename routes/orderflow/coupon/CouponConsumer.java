package orderflow.coupon;

import java.util.List;
import java.util.Map;
import orderflow.RetryPolicy;
import orderflow.consumer.Bisect;
import orderflow.consumer.EffectMetrics;
import orderflow.consumer.HeldRecords;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.ParsedRecord;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The coupon consumer: turns reservations into uses and publishes it. */
@Component
public class CouponConsumer extends RouteBuilder {

  private static final String BATCH = "batch";

  private final CouponRedeemer book;
  private final Outbox outbox;
  private final HeldRecords held;
  private final EffectMetrics metrics;

  CouponConsumer(CouponRedeemer book, Outbox outbox, HeldRecords held, EffectMetrics metrics) {
    this.book = book;
    this.outbox = outbox;
    this.held = held;
    this.metrics = metrics;
  }

  @Override
  public void configure() {
    ProducerTemplate routes = getContext().createProducerTemplate();

    templatedRoute("batch-consumer").routeId(CouponRedeemer.NAME)
        .parameter("name", CouponRedeemer.NAME)
        .parameter("to", "direct:use-coupons");

    from("direct:use-coupons").routeId("use-coupons").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(BATCH, body())
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> book.rows(ParseRecords.readings(batch)))
        .setHeader(BatchStatement.TOPIC, constant(EventType.COUPON_USED.topic()))
        .setBody(constant(CouponRedeemer.USE))
        .to(BatchStatement.JDBC)
        .process(done -> outbox.wake())
        .process(this::measure)
        .process(this::keepLeft)
        .process(new Bisect(routes, "direct:use-unreserved-coupons", CouponRedeemer.NAME, held));

    from("direct:use-unreserved-coupons").routeId("use-unreserved-coupons").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(ParseRecords.FAILED).exchange(batch -> book.useUnreserved(ParseRecords.readings(batch)))
        .process(done -> outbox.wake());
  }

  @SuppressWarnings("unchecked") // set above and by the statement
  private void measure(Exchange exchange) {
    List<ParsedRecord<CouponRedeemer.Redemption>> batch = exchange.getProperty(BATCH, List.class);
    List<Map<String, Object>> rows = exchange.getMessage().getBody(List.class);
    metrics.committed(
        CouponRedeemer.NAME,
        EffectMetrics.Effect.COUPON,
        batch,
        CouponRedeemer.Redemption::orderId,
        CouponRedeemer.used(rows));
  }

  /** The statement returns the events that have no reservation; some of them can't have one. */
  private void keepLeft(Exchange exchange) {
    CouponRedeemer.Left left =
        book.left(exchange.getProperty(BATCH, List.class), exchange.getMessage().getBody(List.class));
    exchange.setProperty(ParseRecords.FAILED, left.contradicting());
    exchange.getMessage().setBody(left.unreserved());
  }
}
