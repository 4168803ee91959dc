package orderflow.mail;

import java.util.Optional;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.order.PastOrders;
import org.springframework.stereotype.Service;

/** Shows a mail without sending it. */
@Service
public class MailPreview {

  private final PastOrders orders;
  private final OrderMails mails;

  MailPreview(PastOrders orders, OrderMails mails) {
    this.orders = orders;
    this.mails = mails;
  }

  /**
   * An order's confirmation as it would be written now; empty if there is no such order, or if its
   * customer has no address (any more).
   */
  public Optional<MailContent> confirmation(UUID orderId) {
    return orders
        .find(orderId)
        .flatMap(
            order -> {
              try {
                return Optional.of(mails.content(Confirmation.read(order.json())));
              } catch (InvalidEvent e) {
                return Optional.empty();
              }
            });
  }
}
