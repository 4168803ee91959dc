package orderflow.mail;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderEvent;
import orderflow.order.Amount;
import orderflow.order.Item;
import orderflow.order.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an order confirmation says, and to whom.
 *
 * @param email as mail servers take it
 * @param language the customer's, as a BCP 47 tag
 * @param completedAt null where the event's sender did not tell
 */
record Confirmation(
    UUID orderId,
    String orderNumber,
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
    List<Amount> discounts,
    List<Amount> charges,
    BigDecimal paidForGoods,
    @Nullable Instant completedAt) {

  Confirmation {
    items = List.copyOf(items);
    discounts = List.copyOf(discounts);
    charges = List.copyOf(charges);
  }

  /** What was taken off beside the discounts that have a name of their own. */
  BigDecimal couponDiscount() {
    return discounts.stream().map(Amount::amount).reduce(discount, BigDecimal::subtract);
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
        event.orderNumber(),
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
        event.discounts(),
        event.charges(),
        event.paidForGoods(),
        completedAt(event));
  }

  private static String address(OrderEvent event) {
    String email = event.customerEmail();
    if (email == null) {
      throw new InvalidEvent("customer/email is missing");
    }
    String mailbox = MailAddress.read(email);
    if (mailbox == null) {
      throw new InvalidEvent("customer/email is no e-mail address");
    }
    return MailAddress.quoted(mailbox);
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
