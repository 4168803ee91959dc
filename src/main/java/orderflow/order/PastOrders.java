package orderflow.order;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Orders as they were placed, for events that are asked for when they are gone from the topic. */
@Repository("eventsOfOrders")
public class PastOrders {

  private static final String FIND =
      "select orders.*, " + ItemColumns.OF_ORDER + " from orders where id = ?";

  private final JdbcClient jdbc;

  PastOrders(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The event of an order; names and addresses are empty where they were erased. */
  public Optional<OrderCompleted> find(UUID orderId) {
    return jdbc.sql(FIND)
        .param(orderId)
        .query((row, n) -> OrderColumns.ORDERS.read(row, ItemColumns.read(row)))
        .optional();
  }
}
