package orderflow.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderSummary;
import org.jspecify.annotations.Nullable;

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

  /** The fields that orders got later, the first of which belongs to rule 1, the next to rule 2. */
  private static final List<Function<NewOrder, @Nullable String>> LATER =
      List.of(
          order -> order.customer().phone(), Fingerprint::settledElsewhere, NewOrder::ownNumber);

  private Fingerprint() {}

  static byte[] of(NewOrder order) {
    int rule = LATER.size();
    while (rule > 0 && LATER.get(rule - 1).apply(order) == null) {
      rule--;
    }
    byte[] hash = hash(order, rule);
    return rule == 0
        ? hash
        : ByteBuffer.allocate(1 + HASH_BYTES).put((byte) rule).put(hash).array();
  }

  /**
   * Whether an order is the one that a fingerprint was made of.
   *
   * @param placed that one, as it is stored: a newer version may have used a rule that is not known
   *     here, and then its customer, sum and coupon are compared
   */
  static boolean isOf(byte[] fingerprint, OrderSummary placed, NewOrder order) {
    int rule = fingerprint.length > HASH_BYTES ? fingerprint[0] : 0;
    if (rule <= LATER.size()) {
      return Arrays.equals(fingerprint, of(order));
    }
    return placed.customerId().equals(order.customer().id())
        && placed.currency().equals(order.currency().getCurrencyCode())
        && placed.subtotal().compareTo(order.subtotal()) == 0
        && String.valueOf(placed.couponCode()).equals(String.valueOf(order.couponCode()));
  }

  private static byte[] hash(NewOrder order, int rule) {
    StringBuilder text = new StringBuilder(256);
    Customer customer = order.customer();
    line(text, customer.id(), of(customer.email()), of(customer.name()), customer.locale());
    line(text, order.currency(), of(order.couponCode()));
    for (Item item : order.items()) {
      line(text, of(item.sku()), item.name(), item.quantity(), item.unitPrice().toPlainString());
    }
    for (Function<NewOrder, @Nullable String> field : LATER.subList(0, rule)) {
      line(text, of(field.apply(order)));
    }
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable String settledElsewhere(NewOrder order) {
    if (order.discounts().isEmpty() && order.charges().isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    order.discounts().forEach(each -> line(text, each.label(), each.amount().toPlainString()));
    text.append('\n');
    order.charges().forEach(each -> line(text, each.label(), each.amount().toPlainString()));
    return text.toString();
  }

  /** What is absent leaves its place empty. */
  private static String of(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** No value holds a control character, so these separate them for certain. */
  private static void line(StringBuilder text, Object... values) {
    for (Object value : values) {
      text.append(value).append('\t');
    }
    text.append('\n');
  }
}
