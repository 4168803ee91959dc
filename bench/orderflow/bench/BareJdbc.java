package orderflow.bench;

import static orderflow.order.ItemColumns.ITEMS;
import static orderflow.order.OrderColumns.ORDERS;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderLine;
import orderflow.order.PlacedOrder;
import orderflow.platform.jdbc.ArrayColumns;

/**
 * Orders, their items and their events into tables like Orderflow's, with the same indexes, by
 * three prepared statements a transaction.
 */
final class BareJdbc implements AutoCloseable {

  private static final List<String> TABLES = List.of("orders", "order_item", "outbox");

  private final Connection database;
  private final PreparedStatement orders;
  private final PreparedStatement items;
  private final PreparedStatement outbox;

  BareJdbc(PostgresServer postgres) throws SQLException {
    database = postgres.connect();
    try (Statement sql = database.createStatement()) {
      sql.execute("create schema bare");
      for (String table : TABLES) {
        sql.execute("create table bare." + table + " (like public." + table + " including all)");
      }
    }
    database.setAutoCommit(false);
    Map<String, String> order = ORDERS.parts();
    orders =
        database.prepareStatement(
            "insert into bare.orders (reference, %s) select * from unnest(?::text[], %s)"
                .formatted(order.get("orders.columns"), order.get("orders.arrays")));
    Map<String, String> item = ITEMS.parts();
    items =
        database.prepareStatement(
            "insert into bare.order_item (%s) select * from unnest(%s)"
                .formatted(item.get("order_item.columns"), item.get("order_item.arrays")));
    outbox =
        database.prepareStatement(
            "insert into bare.outbox (topic, payload, subject, created_at) select"
                + " 'order.completed', * from unnest(?::bytea[], ?::uuid[], ?::timestamptz[])");
  }

  /** Inserts all, so many in each transaction. */
  Void insert(List<PlacedOrder> all, int batch) throws SQLException {
    for (int from = 0; from < all.size(); from += batch) {
      insert(all.subList(from, Math.min(from + batch, all.size())));
      database.commit();
    }
    return null;
  }

  private void insert(List<PlacedOrder> some) throws SQLException {
    List<OrderCompleted> events = some.stream().map(PlacedOrder::event).toList();
    var columns = new ArrayColumns(orders);
    columns.add("text", some, order -> order.content().reference());
    ORDERS.bind(columns, events);
    orders.executeUpdate();

    ITEMS.bind(new ArrayColumns(items), events.stream().flatMap(OrderLine::of).toList());
    items.executeUpdate();

    columns = new ArrayColumns(outbox);
    columns.add("bytea", events, OrderCompleted::json);
    columns.add("uuid", events, OrderCompleted::orderId);
    columns.add("timestamptz", events, order -> order.completedAt().toString());
    outbox.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    try (Statement sql = database.createStatement()) {
      sql.execute("drop schema bare cascade");
    }
    database.commit();
    database.close();
  }
}
