package orderflow.order;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Orders as they were placed, for events that are asked for when they are gone from the topic. */
@Repository("eventsOfOrders")
public class PastOrders {

  private final JdbcClient jdbc;

  PastOrders(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The event of an order; names and addresses are empty where they were erased. */
  public Optional<OrderCompleted> find(UUID orderId) {
    List<Item> items =
        jdbc.sql("select * from order_item where order_id = ? order by position")
            .param(orderId)
            .query(
                (row, i) ->
                    new Item(
                        row.getString("sku"),
                        row.getString("name"),
                        row.getInt("quantity"),
                        row.getBigDecimal("unit_price")))
            .list();
    return jdbc.sql("select * from orders where id = ?")
        .param(orderId)
        .query((row, i) -> event(row, items))
        .optional();
  }

  private static OrderCompleted event(ResultSet row, List<Item> items) throws SQLException {
    return new OrderCompleted(
        row.getObject("id", UUID.class),
        new Customer(
            row.getString("customer_id"),
            row.getString("customer_email"),
            row.getString("customer_name"),
            row.getString("locale")),
        row.getString("currency"),
        items,
        row.getBigDecimal("subtotal"),
        row.getBigDecimal("discount"),
        row.getBigDecimal("total"),
        row.getString("coupon_code"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
