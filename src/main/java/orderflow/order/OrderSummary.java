package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to an order that was taken; amounts have the decimals of the currency. */
@JsonPropertyOrder({"orderId", "orderNumber", "status"})
public record OrderSummary(
    UUID orderId,
    String orderNumber,
    String customerId,
    String currency,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal subtotal,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discount,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal total,
    @Nullable String couponCode,
    List<Amount> discounts,
    List<Amount> charges,
    Instant createdAt) {

  public static OrderSummary of(OrderCompleted order) {
    return new OrderSummary(
        order.orderId(),
        order.orderNumber(),
        order.customer().id(),
        order.currency(),
        order.subtotal(),
        order.discount(),
        order.total(),
        order.couponCode(),
        order.discounts(),
        order.charges(),
        order.completedAt());
  }

  /** An order that has been taken is complete; what follows from it is told by its effects. */
  @JsonProperty
  public String status() {
    return "COMPLETED";
  }
}
