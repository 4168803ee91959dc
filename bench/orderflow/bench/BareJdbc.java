package orderflow.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import orderflow.order.Item;
import orderflow.order.PlacedOrder;
import orderflow.platform.jdbc.ArrayColumns;

/**
 * Orders, their items and their events into tables like Orderflow's, with the same indexes, by
 * three prepared statements a transaction.
 */
final class BareJdbc implements AutoCloseable {

  private static final List<String> TABLES = List.of("orders", "order_item", "outbox");

  private record Line(UUID order, int position, Item item) {}

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
    orders =
        database.prepareStatement(
            "insert into bare.orders (id, reference, customer_id, customer_email, customer_name,"
                + " locale, currency, subtotal, discount, total, coupon_code, created_at)"
                + " select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],"
                + " ?::text[], ?::text[], ?::numeric[], ?::numeric[], ?::numeric[], ?::text[],"
                + " ?::timestamptz[])");
    items =
        database.prepareStatement(
            "insert into bare.order_item (order_id, position, sku, name, quantity, unit_price)"
                + " select * from unnest(?::uuid[], ?::int2[], ?::text[], ?::text[], ?::int4[],"
                + " ?::numeric[])");
    outbox =
        database.prepareStatement(
            "insert into bare.outbox (topic, payload, subject, created_at)"
                + " select 'order.completed', * from unnest(?::bytea[], ?::uuid[], ?::timestamptz[])");
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
    var columns = new ArrayColumns(orders);
    columns.add("uuid", some, PlacedOrder::id);
    columns.add("text", some, order -> order.content().reference());
    columns.add("text", some, order -> order.content().customer().id());
    columns.add("text", some, order -> order.content().customer().email());
    columns.add("text", some, order -> order.content().customer().name());
    columns.add("text", some, order -> order.content().customer().locale());
    columns.add("text", some, order -> order.content().currency().getCurrencyCode());
    columns.add("numeric", some, PlacedOrder::subtotal);
    columns.add("numeric", some, PlacedOrder::discount);
    columns.add("numeric", some, PlacedOrder::total);
    columns.add("text", some, order -> order.content().couponCode());
    columns.add("timestamptz", some, order -> order.createdAt().toString());
    orders.executeUpdate();

    List<Line> lines = some.stream().flatMap(BareJdbc::lines).toList();
    columns = new ArrayColumns(items);
    columns.add("uuid", lines, Line::order);
    columns.add("int2", lines, line -> (short) line.position());
    columns.add("text", lines, line -> line.item().sku());
    columns.add("text", lines, line -> line.item().name());
    columns.add("int4", lines, line -> line.item().quantity());
    columns.add("numeric", lines, line -> line.item().unitPrice());
    items.executeUpdate();

    columns = new ArrayColumns(outbox);
    columns.add("bytea", some, ShopOrder::event);
    columns.add("uuid", some, PlacedOrder::id);
    columns.add("timestamptz", some, order -> order.createdAt().toString());
    outbox.executeUpdate();
  }

  private static Stream<Line> lines(PlacedOrder order) {
    List<Item> items = order.content().items();
    return IntStream.range(0, items.size()).mapToObj(n -> new Line(order.id(), n, items.get(n)));
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
