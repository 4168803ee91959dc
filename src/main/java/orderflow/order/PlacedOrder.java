package orderflow.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/** A new order with its id, its price and its time. */
public record PlacedOrder(
    UUID id, NewOrder content, BigDecimal subtotal, BigDecimal discount, Instant createdAt) {

  public static PlacedOrder of(UUID id, NewOrder content, BigDecimal discount, Instant createdAt) {
    return new PlacedOrder(id, content, content.subtotal(), discount, createdAt);
  }

  public BigDecimal total() {
    return subtotal.subtract(discount);
  }

  public OrderSummary summary() {
    return new OrderSummary(
        id,
        content.customer().id(),
        content.currency().getCurrencyCode(),
        subtotal,
        discount,
        total(),
        content.couponCode(),
        createdAt);
  }
}
