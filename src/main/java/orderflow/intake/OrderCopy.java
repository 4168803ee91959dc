package orderflow.intake;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderCompleted;
import orderflow.order.PlacedOrder;
import orderflow.outbox.Priority;
import orderflow.platform.jdbc.CopyRows;

/**
 * Writes many placed orders by COPY, which puts a page of rows at a time into a table where a
 * statement puts one after the other. While PostgreSQL takes in one table's rows, the next one's
 * are made, those that are quickest to make first.
 */
final class OrderCopy {

  private final CopyRows orders =
      new CopyRows(
          "orders",
          "id",
          "reference",
          "fingerprint",
          "customer_id",
          "customer_email",
          "customer_name",
          "locale",
          "currency",
          "subtotal",
          "discount",
          "total",
          "coupon_code",
          "created_at");
  private final CopyRows items =
      new CopyRows("order_item", "order_id", "position", "sku", "name", "quantity", "unit_price");
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
    copy.items.into(connection, () -> placed.forEach(copy::addOrder));
    copy.orders.into(connection, () -> placed.forEach(order -> copy.addEvent(order, lane)));
    copy.outbox.into(connection, () -> {});
  }

  private void addOrder(PlacedOrder order) {
    NewOrder content = order.content();
    Customer customer = content.customer();
    orders
        .row()
        .add(order.id())
        .add(content.reference())
        .add(OrderWriter.fingerprint(order))
        .add(customer.id())
        .add(customer.email())
        .add(customer.name())
        .add(customer.locale())
        .add(content.currency().getCurrencyCode())
        .add(order.subtotal())
        .add(order.discount())
        .add(order.total())
        .add(content.couponCode())
        .add(order.createdAt());
  }

  private void addItems(PlacedOrder order) {
    short position = 0;
    for (Item item : order.content().items()) {
      items
          .row()
          .add(order.id())
          .add(position++)
          .add(item.sku())
          .add(item.name())
          .add(item.quantity())
          .add(item.unitPrice());
    }
  }

  private void addEvent(PlacedOrder order, Priority lane) {
    outbox
        .row()
        .add(lane.number())
        .add(OrderCompleted.TOPIC)
        .add(order.content().customer().id().getBytes(StandardCharsets.UTF_8))
        .add(OrderCompleted.of(order).json())
        .add(order.id())
        .addJson(OrderWriter.traceHeaders(order))
        .add(order.createdAt());
  }

  private void addRedemption(PlacedOrder order) {
    if (order.content().couponCode() != null) {
      redemptions
          .row()
          .add(order.id())
          .add(order.content().couponCode())
          .add(order.content().customer().id())
          .add(order.discount())
          .add(order.createdAt());
    }
  }
}
