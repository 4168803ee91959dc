package orderflow.reversal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderEvent;
import orderflow.coupon.CouponRelease;
import orderflow.mail.MailStop;
import orderflow.mail.ReversalNotice;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.Money;
import orderflow.order.OrderIds;
import orderflow.order.OrderStatus;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.point.PointReversals;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Cancels orders that other systems have placed, of which this database has no row: what has come
 * of their events is taken back, and the places of what is yet to come are taken, so that an event
 * that comes after its order's cancellation has no effect. Rows are locked in the order in which
 * {@link Reversals} locks them; in place of the order's row stands the reversal's own.
 */
@Service
class ForeignCancellations {

  private final ReversalRows rows;
  private final ReversalEvents events;
  private final CouponRelease coupons;
  private final PointReversals points;
  private final MailStop mails;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ForeignCancellations(
      ReversalRows rows,
      ReversalEvents events,
      CouponRelease coupons,
      PointReversals points,
      MailStop mails,
      Outbox outbox,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.rows = rows;
    this.events = events;
    this.coupons = coupons;
    this.points = points;
    this.mails = mails;
    this.outbox = outbox;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Cancels an order.
   *
   * @return false if it was cancelled already
   * @throws InvalidEvent if the event names no customer
   */
  boolean cancel(ReversalEvent event) {
    String customer = event.customerId();
    if (customer == null) {
      throw new InvalidEvent("customerId is missing");
    }
    boolean isCancelled =
        Boolean.TRUE.equals(transaction.execute(status -> cancel(event, customer)));
    if (isCancelled) {
      outbox.wake();
      mails.wake();
    }
    return isCancelled;
  }

  private boolean cancel(ReversalEvent event, String customer) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    UUID id = OrderIds.at(now);
    UUID orderId = event.orderId();
    if (!rows.writeForeign(id, event, customer, "{}", now)) {
      return false;
    }
    CouponRelease.@Nullable Blocked coupon = coupons.block(orderId, customer, id, now);
    PointReversals.Booked booked = points.claim(orderId, customer, BigDecimal.ZERO, now);
    PointReversals.Change change = takeBack(id, orderId, booked, now);
    ReversalPlan.Mail mail = stopMail(event, customer, coupon, change, now);
    ReversalPlan plan = plan(id, event, coupon, booked, change, mail, now);
    rows.complete(id, ReversalJson.of(plan).toString(), change == null ? 0 : change.reversed());
    rows.discardDeadLetters(orderId, now);
    publish(id, event, coupon, change, now);
    return true;
  }

  private PointReversals.@Nullable Change takeBack(
      UUID id, UUID orderId, PointReversals.Booked booked, Instant now) {
    long left = booked.points() - points.reversedOf(orderId);
    return left > 0
        ? points.takeBack(id, orderId, points.customerOf(orderId), left, false, now)
        : null;
  }

  /** The confirmation is read first: what stops it empties it. */
  private ReversalPlan.Mail stopMail(
      ReversalEvent event,
      String customer,
      CouponRelease.@Nullable Blocked coupon,
      PointReversals.@Nullable Change change,
      Instant now) {
    String before = mails.eventOf(event.orderId());
    if (mails.suppressConfirmation(event.orderId(), customer, now)
        == MailStop.Confirmation.SUPPRESSED) {
      return new ReversalPlan.Mail("CONFIRMATION", "SUPPRESSED");
    }
    String confirmed = before == null ? mails.eventOf(event.orderId()) : before;
    ReversalNotice notice =
        confirmed == null ? null : notice(event, confirmed, coupon, change, now);
    if (notice == null) {
      return new ReversalPlan.Mail(null, "NONE");
    }
    mails.queue(MailStop.ORDER_CANCELLED, EventType.ORDER_CANCELLED, notice, now);
    return new ReversalPlan.Mail(MailStop.ORDER_CANCELLED, "QUEUED");
  }

  /** Null if the customer has no address, or the order's event is not what a mail needs. */
  private static @Nullable ReversalNotice notice(
      ReversalEvent event,
      String confirmed,
      CouponRelease.@Nullable Blocked coupon,
      PointReversals.@Nullable Change change,
      Instant now) {
    try {
      OrderEvent order = OrderEvent.parse(confirmed.getBytes(StandardCharsets.UTF_8));
      String email = order.customerEmail();
      Currency currency = order.currency();
      if (email == null || currency.getDefaultFractionDigits() < 0) {
        return null;
      }
      return new ReversalNotice(
          order.orderId(),
          order.orderNumber(),
          new Customer(
              order.customerId(),
              email,
              order.customerName(),
              order.customerLocale(),
              order.customerPhone()),
          currency.getCurrencyCode(),
          lines(order, currency),
          Money.floor(event.refund(), currency),
          null,
          null,
          change == null ? 0 : change.reversed(),
          coupon == null ? null : coupon.code(),
          null,
          order.completedAt(),
          now);
    } catch (InvalidEvent e) {
      return null;
    }
  }

  private static List<ReversalNotice.Line> lines(OrderEvent order, Currency currency) {
    List<OrderToReverse.Line> items = new ArrayList<>();
    BigDecimal sum = Money.zero(currency);
    for (Item item : order.items()) {
      BigDecimal price = Money.floor(item.unitPrice(), currency);
      items.add(new OrderToReverse.Line(item.sku(), item.name(), item.quantity(), 0, price));
      sum = sum.add(price.multiply(BigDecimal.valueOf(item.quantity())));
    }
    BigDecimal discount = Money.floor(order.discount(), currency).min(sum);
    RefundSplit split = new RefundSplit(items, discount, currency);
    List<ReversalNotice.Line> lines = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      OrderToReverse.Line item = items.get(i);
      lines.add(
          new ReversalNotice.Line(
              item.sku(), item.name(), item.quantity(), split.paid(i, 0, item.quantity())));
    }
    return lines;
  }

  private static ReversalPlan plan(
      UUID id,
      ReversalEvent event,
      CouponRelease.@Nullable Blocked coupon,
      PointReversals.Booked booked,
      PointReversals.@Nullable Change change,
      ReversalPlan.Mail mail,
      Instant now) {
    BigDecimal zero = event.zero();
    return new ReversalPlan(
        id,
        event.orderId(),
        event.request().kind(),
        event.request().reason(),
        event.currencyCode(),
        List.of(),
        new ReversalPlan.Refund(
            event.refund(), event.refund(), zero, RefundState.NONE, null, null, null),
        ReversalPlan.Points.of(booked, 0, change),
        new ReversalPlan.Coupon(
            coupon == null ? null : coupon.code(),
            coupon == null ? CouponRelease.Outcome.NONE : CouponRelease.Outcome.RELEASED,
            false,
            null,
            null),
        mail,
        new ReversalPlan.Order(
            OrderStatus.CANCELLED, 2, new ReversalPlan.Remaining(zero, zero, zero)),
        List.of("the order was placed in another system, which owes the refund"),
        now);
  }

  private void publish(
      UUID id,
      ReversalEvent event,
      CouponRelease.@Nullable Blocked coupon,
      PointReversals.@Nullable Change change,
      Instant now) {
    if (change != null && change.reversed() > 0) {
      events.pointsReversed(
          event.orderId(), points.customerOf(event.orderId()), id, 2, event.eventId(), change, now);
    }
    if (coupon != null) {
      events.couponReleased(
          event.orderId(),
          coupon.customerId(),
          coupon.code(),
          discount(coupon, event),
          CouponRelease.Outcome.RELEASED,
          null,
          id,
          2,
          event.eventId(),
          now);
    }
  }

  private static String discount(CouponRelease.Blocked coupon, ReversalEvent event) {
    return event.currency() == null
        ? coupon.discount().toPlainString()
        : Money.text(coupon.discount(), event.currency());
  }
}
