package orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.postgresql.PGConnection;

/** PostgreSQL's COPY of orders that are there, into tables with the same indexes. */
final class Copy {

  private Copy() {}

  /** Seconds for the orders whose reference begins with this. */
  static double seconds(PostgresServer postgres, Path folder, String run) throws Exception {
    Path orders = folder.resolve("orders.copy");
    Path items = folder.resolve("items.copy");
    String mine = "from orders where reference like '" + run + "-%'";
    try (Connection database = postgres.connect();
        var sql = database.createStatement()) {
      sql.execute("create schema bench");
      sql.execute("create table bench.orders (like public.orders including all)");
      sql.execute("create table bench.order_item (like public.order_item including all)");
      out(database, "(select * " + mine + " order by id)", orders);
      out(
          database,
          "(select * from order_item where order_id in (select id "
              + mine
              + ")"
              + " order by order_id, position)",
          items);
      long began = System.nanoTime();
      in(database, "bench.orders", orders);
      in(database, "bench.order_item", items);
      double seconds = (System.nanoTime() - began) / 1e9;
      sql.execute("drop schema bench cascade");
      return seconds;
    } finally {
      Files.deleteIfExists(orders);
      Files.deleteIfExists(items);
    }
  }

  private static void out(Connection database, String what, Path to) throws Exception {
    try (var file = Files.newOutputStream(to)) {
      database.unwrap(PGConnection.class).getCopyAPI().copyOut("copy " + what + " to stdout", file);
    }
  }

  private static void in(Connection database, String table, Path from) throws Exception {
    try (var file = Files.newInputStream(from)) {
      database
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy " + table + " from stdin", file, 1 << 20);
    }
  }
}
