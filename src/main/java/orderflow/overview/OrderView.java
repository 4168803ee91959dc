package orderflow.overview;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import orderflow.order.Item;
import orderflow.order.OrderSummary;

/**
 * An order with its items, what followed from it and what was taken back.
 *
 * @param version 1 as it was placed, one more with each reversal
 * @param refunded the sum of its refunds, with the currency's decimals
 * @param reversals the first one first
 */
public record OrderView(
    @JsonUnwrapped OrderSummary order,
    int version,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refunded,
    List<ItemView> items,
    Effects effects,
    JsonNode reversals) {

  /**
   * @param returned units of the item
   */
  public record ItemView(@JsonUnwrapped Item item, int returned) {}
}
