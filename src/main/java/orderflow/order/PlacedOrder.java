package orderflow.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * A new order.
 *
 * @param content what was asked for
 * @param event what is stored, published and answered
 */
public record PlacedOrder(NewOrder content, OrderCompleted event) {

  public static PlacedOrder of(UUID id, NewOrder content, BigDecimal discount, Instant at) {
    return new PlacedOrder(content, OrderCompleted.of(id, content, discount, at));
  }
}
