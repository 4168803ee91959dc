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
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order that was placed, which is the OrderCompletedEvent: written once, when the order is
 * saved; the same bytes go to Kafka and into the mail. {@link OrderColumns} is how it is stored,
 * {@link OrderSummary} what of it is answered.
 *
 * @param discount the coupon's and all discounts together
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OrderCompleted(
    UUID orderId,
    String orderNumber,
    Customer customer,
    String currency,
    List<Item> items,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal subtotal,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal discount,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal total,
    @Nullable String couponCode,
    List<Amount> discounts,
    List<Amount> charges,
    Instant completedAt) {

  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build()
          .writerFor(OrderCompleted.class);

  static OrderCompleted of(UUID id, NewOrder order, BigDecimal couponDiscount, Instant at) {
    BigDecimal subtotal = order.subtotal();
    BigDecimal discount = couponDiscount.add(Amount.sum(order.discounts(), order.currency()));
    String number = order.orderNumber();
    return new OrderCompleted(
        id,
        number == null ? OrderNumbers.of(id) : number,
        order.customer(),
        order.currency().getCurrencyCode(),
        order.items(),
        subtotal,
        discount,
        subtotal.subtract(discount).add(Amount.sum(order.charges(), order.currency())),
        order.couponCode(),
        order.discounts(),
        order.charges(),
        at);
  }

  /** What the coupon alone takes off. */
  public BigDecimal couponDiscount() {
    return discount.subtract(Amount.sum(discounts, Currency.getInstance(currency)));
  }

  /** What was paid for goods, which is what points are earned with. */
  public BigDecimal paidForGoods() {
    return subtotal.subtract(discount);
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
