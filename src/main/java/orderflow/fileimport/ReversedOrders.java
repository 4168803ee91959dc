package orderflow.fileimport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.platform.jdbc.ArrayColumns;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What a file's cancellations and returns name of orders. */
@Repository
class ReversedOrders {

  private final JdbcTemplate jdbc;

  ReversedOrders(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The ids of orders by their senders' references; those that are unknown are left out. */
  Map<String, UUID> ids(Collection<String> references) {
    Map<String, UUID> ids = new HashMap<>();
    if (!references.isEmpty()) {
      jdbc.query(
          "select reference, id from orders where reference = any (?)",
          statement ->
              new ArrayColumns(statement).add("text", List.copyOf(references), text -> text),
          row -> {
            ids.put(row.getString("reference"), row.getObject("id", UUID.class));
          });
    }
    return ids;
  }

  /** The articles of orders by their positions; empty for an item without one. */
  Map<UUID, List<String>> articles(Collection<UUID> orders) {
    Map<UUID, List<String>> articles = new HashMap<>();
    if (!orders.isEmpty()) {
      jdbc.query(
          "select order_id, sku from order_item where order_id = any (?) order by order_id,"
              + " position",
          statement -> new ArrayColumns(statement).add("uuid", List.copyOf(orders), id -> id),
          row -> {
            articles
                .computeIfAbsent(row.getObject("order_id", UUID.class), id -> new ArrayList<>())
                .add(row.getString("sku"));
          });
    }
    return articles;
  }
}
