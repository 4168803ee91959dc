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
 * The OrderCompletedEvent: written once, when its order is saved; the same bytes go to Kafka and
 * into the mail.
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

  public static final String TOPIC = "order.completed";

  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build()
          .writerFor(OrderCompleted.class);

  public static OrderCompleted of(PlacedOrder order) {
    return new OrderCompleted(
        order.id(),
        order.content().customer(),
        order.content().currency().getCurrencyCode(),
        order.content().items(),
        order.subtotal(),
        order.discount(),
        order.total(),
        order.content().couponCode(),
        order.createdAt());
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
