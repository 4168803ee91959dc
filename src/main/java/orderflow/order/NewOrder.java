package orderflow.order;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as its sender asks for it, already found acceptable.
 *
 * @param discounts what another system has taken off the price
 * @param charges what it asks beside the price
 * @param orderNumber by which people know it; that of a file's order is its reference, if it has no
 *     other; null for one that is to be made from the order's id
 * @param reference the sender's identity for it: an Idempotency-Key or an orderRef
 * @param traceParent the trace it belongs to, as W3C Trace Context writes it
 */
public record NewOrder(
    Customer customer,
    Currency currency,
    List<Item> items,
    @Nullable String couponCode,
    List<Amount> discounts,
    List<Amount> charges,
    @Nullable String orderNumber,
    @Nullable String reference,
    @Nullable String traceParent) {

  public NewOrder {
    items = List.copyOf(items);
    discounts = List.copyOf(discounts);
    charges = List.copyOf(charges);
  }

  public NewOrder(
      Customer customer,
      Currency currency,
      List<Item> items,
      @Nullable String couponCode,
      @Nullable String reference) {
    this(customer, currency, items, couponCode, List.of(), List.of(), null, reference, null);
  }

  /** The same order, as one request asks for it. */
  public NewOrder asRequested(@Nullable String reference, @Nullable String traceParent) {
    return new NewOrder(
        customer,
        currency,
        items,
        couponCode,
        discounts,
        charges,
        orderNumber,
        reference,
        traceParent);
  }

  /** Whether people know it by its sender's reference. */
  public boolean usesReferenceAsNumber() {
    return orderNumber != null && orderNumber.equals(reference);
  }

  /** The number that it has beside its reference, if any. */
  public @Nullable String ownNumber() {
    return usesReferenceAsNumber() ? null : orderNumber;
  }

  /** The sum of quantity times unit price, with the currency's decimals. */
  public BigDecimal subtotal() {
    return items.stream().map(Item::price).reduce(Money.zero(currency), BigDecimal::add);
  }

  /** The most that a coupon can still take off. */
  public BigDecimal reducible() {
    return subtotal().subtract(Amount.sum(discounts, currency));
  }
}
