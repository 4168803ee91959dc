package orderflow.order;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An item in its place among an order's items.
 *
 * @param position from 0
 */
public record OrderLine(UUID orderId, short position, Item item) {

  public static Stream<OrderLine> of(OrderCompleted order) {
    List<Item> items = order.items();
    return IntStream.range(0, items.size())
        .mapToObj(i -> new OrderLine(order.orderId(), (short) i, items.get(i)));
  }
}
