package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order that was placed, which is the OrderCompletedEvent: written once, when the order is
 * saved; the same bytes go to Kafka and into the mail. {@link OrderColumns} is how it is stored,
 * {@link OrderSummary} what of it is answered.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderCompleted(
    UUID orderId,
    Customer customer,
    String currency,
    List<Item> items,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal subtotal,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discount,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal total,
    @Nullable String couponCode,
    Instant completedAt) {

  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build()
          .writerFor(OrderCompleted.class);

  static OrderCompleted of(UUID id, NewOrder order, BigDecimal discount, Instant at) {
    BigDecimal subtotal = order.subtotal();
    return new OrderCompleted(
        id,
        order.customer(),
        order.currency().getCurrencyCode(),
        order.items(),
        subtotal,
        discount,
        subtotal.subtract(discount),
        order.couponCode(),
        at);
  }

  /** The event's JSON, in UTF-8. */
  public byte[] json() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("order " + orderId + " can't be written as JSON", e);
    }
  }
}
