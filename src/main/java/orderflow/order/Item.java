package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One line of an order.
 *
 * @param unitPrice with the decimals of the order's currency
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Item(
    @Nullable String sku,
    String name,
    int quantity,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal unitPrice) {

  BigDecimal price() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}
