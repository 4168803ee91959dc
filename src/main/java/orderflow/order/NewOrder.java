package orderflow.order;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as its sender asks for it, already found acceptable.
 *
 * @param reference the sender's identity for it: an Idempotency-Key or an orderRef
 * @param traceParent the trace it belongs to, as W3C Trace Context writes it
 */
public record NewOrder(
    Customer customer,
    Currency currency,
    List<Item> items,
    @Nullable String couponCode,
    @Nullable String reference,
    @Nullable String traceParent) {

  public NewOrder {
    items = List.copyOf(items);
  }

  public NewOrder(
      Customer customer,
      Currency currency,
      List<Item> items,
      @Nullable String couponCode,
      @Nullable String reference) {
    this(customer, currency, items, couponCode, reference, null);
  }

  /** The same order, as one request asks for it. */
  public NewOrder asRequested(@Nullable String reference, @Nullable String traceParent) {
    return new NewOrder(customer, currency, items, couponCode, reference, traceParent);
  }

  /** The sum of quantity times unit price, with the currency's decimals. */
  public BigDecimal subtotal() {
    return items.stream().map(Item::price).reduce(Money.zero(currency), BigDecimal::add);
  }
}
