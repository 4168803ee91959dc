package orderflow.reversal;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import orderflow.coupon.CouponRelease;
import orderflow.mail.MailStop;
import orderflow.mail.ReversalNotice;
import orderflow.order.Customer;
import orderflow.order.OrderStatus;
import orderflow.outbox.EventType;

/**
 * What becomes of an order's mails: the confirmation of a cancelled order is not sent, and the
 * customer is written to about what they have had a mail of.
 */
record ReversalMail(ReversalPlan.Mail plan) {

  private static final ReversalPlan.Mail NONE = new ReversalPlan.Mail(null, "NONE");

  static ReversalMail of(
      OrderToReverse order,
      ReversalRequest request,
      RefundDecision decision,
      MailStop mails,
      Instant now) {
    Customer customer = order.order().customer();
    boolean isWanted = request.notifies() && customer.email() != null;
    if (decision.status() == OrderStatus.CANCELLED && request.kind() == ReversalKind.CANCEL) {
      MailStop.Confirmation confirmation =
          mails.suppressConfirmation(order.order().orderId(), customer.id(), now);
      return confirmation == MailStop.Confirmation.SUPPRESSED
          ? new ReversalMail(new ReversalPlan.Mail("CONFIRMATION", "SUPPRESSED"))
          : new ReversalMail(isWanted ? queued(MailStop.ORDER_CANCELLED) : NONE);
    }
    return new ReversalMail(
        isWanted && request.kind() == ReversalKind.RETURN ? queued(MailStop.RETURN_RECEIPT) : NONE);
  }

  private static ReversalPlan.Mail queued(String kind) {
    return new ReversalPlan.Mail(kind, "QUEUED");
  }

  void queue(MailStop mails, OrderToReverse order, ReversalPlan done, Instant now) {
    if (!plan.outcome().equals("QUEUED")) {
      return;
    }
    boolean isCancellation = done.kind() == ReversalKind.CANCEL;
    String kind = Objects.requireNonNull(plan.kind());
    mails.queue(
        isCancellation ? kind : kind + "/" + done.order().version(),
        isCancellation ? EventType.ORDER_CANCELLED : EventType.ORDER_RETURNED,
        notice(order, done, now),
        now);
  }

  private static ReversalNotice notice(OrderToReverse order, ReversalPlan done, Instant now) {
    List<ReversalNotice.Line> items =
        done.items().stream()
            .map(
                item ->
                    new ReversalNotice.Line(
                        item.sku(),
                        order.lines().get(item.position()).name(),
                        item.quantity(),
                        item.refund()))
            .toList();
    BigDecimal charges = done.refund().charges();
    return new ReversalNotice(
        done.orderId(),
        order.order().orderNumber(),
        order.order().customer(),
        done.currency(),
        items,
        done.refund().amount(),
        charges.signum() == 0 ? null : charges,
        done.order().status().isFinal() ? null : done.order().remaining().total(),
        done.points().reversed(),
        done.coupon().outcome() == CouponRelease.Outcome.RELEASED ? done.coupon().code() : null,
        done.coupon().reissued(),
        order.order().completedAt(),
        now);
  }
}
