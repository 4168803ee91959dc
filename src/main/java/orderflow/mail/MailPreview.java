package orderflow.mail;

import java.util.Optional;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.order.OrderCompleted;
import orderflow.order.PastOrders;
import orderflow.privacy.ErasedCustomers;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Shows a mail without sending it. */
@Service
public class MailPreview {

  private final PastOrders orders;
  private final Mails stored;
  private final ErasedCustomers erased;
  private final OrderMails mails;

  MailPreview(PastOrders orders, Mails stored, ErasedCustomers erased, OrderMails mails) {
    this.orders = orders;
    this.stored = stored;
    this.erased = erased;
    this.mails = mails;
  }

  /**
   * An order's confirmation as it would be written now; empty if there is no such order, if its
   * customer has no address (any more), or if the order was cancelled.
   */
  @Transactional
  public Optional<MailContent> confirmation(UUID orderId) {
    if (stored.isOfCancelledOrder(orderId) || erased.cover(orderId)) {
      return Optional.empty();
    }
    return orders.find(orderId).flatMap(this::content);
  }

  private Optional<MailContent> content(OrderCompleted order) {
    try {
      return Optional.of(mails.content(Confirmation.read(order.json())));
    } catch (InvalidEvent e) {
      return Optional.empty(); // it names no address
    }
  }
}
