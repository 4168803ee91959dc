package orderflow.overview;

import java.time.Instant;
import orderflow.order.OrderStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which orders to list. A null field does not filter.
 *
 * @param customerId of this customer alone
 * @param reference its sender's
 * @param number that people know it by
 * @param status as it is now
 * @param from placed at this time or later
 * @param to placed before this time
 */
public record OrderFilter(
    @Nullable String customerId,
    @Nullable String reference,
    @Nullable String number,
    @Nullable OrderStatus status,
    @Nullable Instant from,
    @Nullable Instant to) {

  public static final OrderFilter NONE = new OrderFilter(null, null, null, null, null, null);

  public static OrderFilter ofCustomer(String id) {
    return new OrderFilter(id, null, null, null, null, null);
  }

  public static OrderFilter ofReference(String reference) {
    return new OrderFilter(null, reference, null, null, null, null);
  }

  public static OrderFilter ofNumber(String number) {
    return new OrderFilter(null, null, number, null, null, null);
  }
}
