package orderflow.order;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as its sender asks for it, already found acceptable.
 *
 * @param reference the sender's identity for it: an Idempotency-Key or an orderRef
 */
public record NewOrder(
    Customer customer,
    Currency currency,
    List<Item> items,
    @Nullable String couponCode,
    @Nullable String reference) {

  public NewOrder {
    items = List.copyOf(items);
  }

  public NewOrder withReference(@Nullable String reference) {
    return new NewOrder(customer, currency, items, couponCode, reference);
  }

  /** The sum of quantity times unit price, with the currency's decimals. */
  public BigDecimal subtotal() {
    return items.stream().map(Item::price).reduce(Money.zero(currency), BigDecimal::add);
  }
}
