package orderflow.intake;

import static orderflow.order.ItemColumns.ITEMS;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderLine;
import orderflow.order.PlacedOrder;
import orderflow.outbox.EventType;
import orderflow.outbox.Priority;
import orderflow.platform.jdbc.CopyRows;

/**
 * Writes many placed orders by COPY, which puts a page of rows at a time into a table where a
 * statement puts one after the other. While PostgreSQL takes in one table's rows, the next one's
 * are made, those that are quickest to make first.
 */
final class OrderCopy {

  private final CopyRows orders = OrderWriter.ROWS.copyRows();
  private final CopyRows items = ITEMS.copyRows();
  private final CopyRows redemptions =
      new CopyRows(
          "coupon_redemption", "order_id", "code", "customer_id", "discount", "reserved_at");
  private final CopyRows outbox =
      new CopyRows("outbox", "lane", "topic", "key", "payload", "subject", "headers", "created_at");

  private OrderCopy() {}

  /** Writes the orders, their items, their coupons' reservations and their events. */
  static void write(Connection connection, List<PlacedOrder> placed, Priority lane)
      throws SQLException {
    OrderCopy copy = new OrderCopy();
    placed.forEach(copy::addRedemption);
    copy.redemptions.into(connection, () -> placed.forEach(copy::addItems));
    copy.items.into(
        connection, () -> placed.forEach(order -> OrderWriter.ROWS.copy(order, copy.orders)));
    copy.orders.into(connection, () -> placed.forEach(order -> copy.addEvent(order, lane)));
    copy.outbox.into(connection, () -> {});
  }

  private void addItems(PlacedOrder order) {
    OrderLine.of(order.event()).forEach(line -> ITEMS.copy(line, items));
  }

  private void addEvent(PlacedOrder order, Priority lane) {
    outbox
        .row()
        .add(lane.number())
        .add(EventType.ORDER_COMPLETED.topic())
        .add(OrderWriter.key(order))
        .add(order.event().json())
        .add(order.event().orderId())
        .addJson(OrderWriter.traceHeaders(order))
        .add(order.event().completedAt());
  }

  private void addRedemption(PlacedOrder placed) {
    OrderCompleted order = placed.event();
    if (order.couponCode() != null) {
      redemptions
          .row()
          .add(order.orderId())
          .add(order.couponCode())
          .add(order.customer().id())
          .add(order.couponDiscount())
          .add(order.completedAt());
    }
  }
}
