package orderflow.order;

import static orderflow.platform.jdbc.SqlType.NUMERIC;
import static orderflow.platform.jdbc.SqlType.TEXT;
import static orderflow.platform.jdbc.SqlType.TIMESTAMPTZ;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.platform.jdbc.Columns;
import orderflow.platform.jdbc.SqlType;

/** The table {@code orders}: how an order is stored, and how it is read again. */
public final class OrderColumns extends Columns<OrderCompleted> {

  public static final OrderColumns ORDERS = new OrderColumns();

  private final Column<UUID> id = column("id", SqlType.UUID, OrderCompleted::orderId);
  private final Column<String> customerId =
      column("customer_id", TEXT, order -> order.customer().id());
  private final Column<String> customerEmail =
      column("customer_email", TEXT, order -> order.customer().email());
  private final Column<String> customerName =
      column("customer_name", TEXT, order -> order.customer().name());
  private final Column<String> customerPhone =
      column("customer_phone", TEXT, order -> order.customer().phone());
  private final Column<String> locale = column("locale", TEXT, order -> order.customer().locale());
  private final Column<String> currency = column("currency", TEXT, OrderCompleted::currency);
  private final Column<BigDecimal> subtotal = column("subtotal", NUMERIC, OrderCompleted::subtotal);
  private final Column<BigDecimal> discount = column("discount", NUMERIC, OrderCompleted::discount);
  private final Column<BigDecimal> total = column("total", NUMERIC, OrderCompleted::total);
  private final Column<String> couponCode = column("coupon_code", TEXT, OrderCompleted::couponCode);
  private final Column<Instant> createdAt =
      column("created_at", TIMESTAMPTZ, OrderCompleted::completedAt);

  private OrderColumns() {
    super("orders");
  }

  /** What is erased with a customer's data, as the left side of an assignment to a row. */
  public String personal() {
    return row(customerEmail.name(), customerName.name(), customerPhone.name());
  }

  /** What is left of it, in the same order. */
  public String erased() {
    return row("''", "''", "null::text");
  }

  /**
   * The order of a row.
   *
   * @param items as {@link ItemColumns#read} reads them; none where only the order itself is asked
   *     for
   */
  public OrderCompleted read(ResultSet row, List<Item> items) throws SQLException {
    return new OrderCompleted(
        id.of(row),
        new Customer(
            customerId.of(row),
            customerEmail.of(row),
            customerName.of(row),
            locale.of(row),
            customerPhone.orNull(row)),
        currency.of(row),
        items,
        subtotal.of(row),
        discount.of(row),
        total.of(row),
        couponCode.orNull(row),
        createdAt.of(row));
  }

  private static String row(String... values) {
    return "(" + String.join(", ", values) + ")";
  }
}
