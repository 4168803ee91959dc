package orderflow.mail;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.order.Customer;
import org.jspecify.annotations.Nullable;

/**
 * What the mail about a reversal says; kept in its row as JSON. Amounts have the decimals of the
 * order's currency.
 *
 * @param items with what is refunded for them
 * @param refund all that is refunded
 * @param charges the part of it that is for charges; null if none
 * @param remaining what the customer has paid for what is kept; null if nothing is kept
 * @param pointsReversed taken back
 * @param couponReleased the code of a coupon that can be used again, if there is one
 * @param completedAt when the order was placed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReversalNotice(
    UUID orderId,
    String orderNumber,
    Customer customer,
    String currency,
    List<Line> items,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund,
    @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal charges,
    @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal remaining,
    long pointsReversed,
    @Nullable String couponReleased,
    Instant completedAt,
    Instant reversedAt) {

  /** Some units of an item. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      @Nullable String sku,
      String name,
      int quantity,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund) {}
}
