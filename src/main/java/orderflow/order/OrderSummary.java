package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The answer to an order that was taken; amounts have the decimals of the currency. */
public record OrderSummary(
    UUID orderId,
    String orderNumber,
    OrderStatus status,
    String customerId,
    String currency,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal subtotal,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discount,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal total,
    @Nullable String couponCode,
    List<Amount> discounts,
    List<Amount> charges,
    Instant createdAt) {

  /** The order as it was placed. */
  public static OrderSummary of(OrderCompleted order) {
    return of(order, OrderStatus.COMPLETED);
  }

  public static OrderSummary of(OrderCompleted order, OrderStatus status) {
    return new OrderSummary(
        order.orderId(),
        order.orderNumber(),
        status,
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
}
