package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;

/**
 * One line of an order.
 *
 * @param unitPrice with the decimals of the order's currency
 */
public record Item(
    String sku,
    String name,
    int quantity,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal unitPrice) {

  BigDecimal price() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}
