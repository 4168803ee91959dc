package orderflow.intake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderSummary;

/**
 * Tells whether two orders under one reference are the same: SHA-256 over what they mean, not how
 * it was written.
 *
 * <p>A fingerprint is compared by the rule that it was made by. One of 32 bytes was made by rule 0;
 * one of a later rule has the rule's number in front. A field that orders get later belongs to a
 * new rule, by which only orders are fingerprinted that have the field: all others keep the
 * fingerprints that they have, and an instance of the version before can still compare them.
 */
final class Fingerprint {

  private static final int HASH_BYTES = 32;

  private Fingerprint() {}

  static byte[] of(NewOrder order) {
    return byRule0(order);
  }

  /**
   * Whether an order is the one that a fingerprint was made of.
   *
   * @param placed that one, as it is stored: a newer version may have used a rule that is not known
   *     here, and then its customer, sum and coupon are compared
   */
  static boolean isOf(byte[] fingerprint, OrderSummary placed, NewOrder order) {
    return switch (rule(fingerprint)) {
      case 0 -> Arrays.equals(fingerprint, byRule0(order));
      default ->
          placed.customerId().equals(order.customer().id())
              && placed.currency().equals(order.currency().getCurrencyCode())
              && placed.subtotal().compareTo(order.subtotal()) == 0
              && String.valueOf(placed.couponCode()).equals(String.valueOf(order.couponCode()));
    };
  }

  private static int rule(byte[] fingerprint) {
    return fingerprint.length > HASH_BYTES ? fingerprint[0] : 0;
  }

  private static byte[] byRule0(NewOrder order) {
    StringBuilder text = new StringBuilder(256);
    Customer customer = order.customer();
    line(text, customer.id(), customer.email(), customer.name(), customer.locale());
    line(text, order.currency(), order.couponCode() == null ? "" : order.couponCode());
    for (Item item : order.items()) {
      line(text, item.sku(), item.name(), item.quantity(), item.unitPrice().toPlainString());
    }
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** No value holds a control character, so these separate them for certain. */
  private static void line(StringBuilder text, Object... values) {
    for (Object value : values) {
      text.append(value).append('\t');
    }
    text.append('\n');
  }
}
