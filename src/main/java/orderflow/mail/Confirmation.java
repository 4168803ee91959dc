package orderflow.mail;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderEvent;
import orderflow.order.Item;
import orderflow.order.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an order confirmation says, and to whom.
 *
 * @param language the customer's, as a BCP 47 tag
 * @param completedAt null where the event's sender did not tell
 */
record Confirmation(
    UUID orderId,
    String customerId,
    String email,
    String customerName,
    @Nullable String customerPhone,
    String language,
    Currency currency,
    List<Item> items,
    BigDecimal subtotal,
    BigDecimal discount,
    BigDecimal total,
    @Nullable String couponCode,
    @Nullable Instant completedAt) {

  Confirmation {
    if (!MailAddress.isValid(email)) {
      throw new InvalidEvent("customer/email is no e-mail address");
    }
    items = List.copyOf(items);
  }

  /**
   * Reads an event's JSON.
   *
   * @throws InvalidEvent if it can't be mailed
   */
  static Confirmation read(byte[] json) {
    return of(OrderEvent.parse(json));
  }

  /**
   * Takes what it needs from an event.
   *
   * @throws InvalidEvent if it can't be mailed
   */
  static Confirmation of(OrderEvent event) {
    return new Confirmation(
        event.orderId(),
        event.customerId(),
        address(event),
        event.customerName(),
        event.customerPhone(),
        event.customerLocale(),
        event.currency(),
        event.items(),
        event.subtotal(),
        event.discount(),
        event.total(),
        event.couponCode(),
        completedAt(event));
  }

  private static String address(OrderEvent event) {
    String email = event.customerEmail();
    if (email == null) {
      throw new InvalidEvent("customer/email is missing");
    }
    return email;
  }

  /** A mail without its order's date is better than none. */
  private static @Nullable Instant completedAt(OrderEvent event) {
    try {
      return event.completedAt();
    } catch (InvalidEvent e) {
      return null;
    }
  }
}
