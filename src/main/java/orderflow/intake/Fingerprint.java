package orderflow.intake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;

/**
 * Tells whether two orders under one reference are the same: SHA-256 over what they mean, not how
 * it was written.
 */
final class Fingerprint {

  private Fingerprint() {}

  static byte[] of(NewOrder order) {
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
