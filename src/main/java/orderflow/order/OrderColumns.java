package orderflow.order;

import static orderflow.platform.jdbc.SqlType.JSONB;
import static orderflow.platform.jdbc.SqlType.NUMERIC;
import static orderflow.platform.jdbc.SqlType.TEXT;
import static orderflow.platform.jdbc.SqlType.TIMESTAMPTZ;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.platform.jdbc.Columns;
import orderflow.platform.jdbc.SqlType;
import org.jspecify.annotations.Nullable;

/** The table {@code orders}: how an order is stored, and how it is read again. */
public final class OrderColumns extends Columns<OrderCompleted> {

  private static final JsonMapper JSON = new JsonMapper();

  public static final OrderColumns ORDERS = new OrderColumns();

  private final Column<UUID> id = column("id", SqlType.UUID, OrderCompleted::orderId);
  private final Column<String> customerId =
      column("customer_id", TEXT, order -> order.customer().id());
  private final Column<String> customerEmail =
      column("customer_email", TEXT, order -> textOrEmpty(order.customer().email()));
  private final Column<String> customerName =
      column("customer_name", TEXT, order -> textOrEmpty(order.customer().name()));
  private final Column<String> customerPhone =
      column("customer_phone", TEXT, order -> order.customer().phone());
  private final Column<String> locale = column("locale", TEXT, order -> order.customer().locale());
  private final Column<String> currency = column("currency", TEXT, OrderCompleted::currency);
  private final Column<BigDecimal> subtotal = column("subtotal", NUMERIC, OrderCompleted::subtotal);
  private final Column<BigDecimal> discount = column("discount", NUMERIC, OrderCompleted::discount);
  private final Column<BigDecimal> total = column("total", NUMERIC, OrderCompleted::total);
  private final Column<String> couponCode = column("coupon_code", TEXT, OrderCompleted::couponCode);
  private final Column<String> discounts =
      column("discounts", JSONB, order -> json(order.discounts()));
  private final Column<String> charges = column("charges", JSONB, order -> json(order.charges()));
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
        number(row),
        new Customer(
            customerId.of(row),
            textOrNull(customerEmail.of(row)),
            textOrNull(customerName.of(row)),
            locale.of(row),
            customerPhone.orNull(row)),
        currency.of(row),
        items,
        subtotal.of(row),
        discount.of(row),
        total.of(row),
        couponCode.orNull(row),
        amounts(discounts.orNull(row)),
        amounts(charges.orNull(row)),
        createdAt.of(row));
  }

  /** The number that people know the order by; an order of an older version has none stored. */
  private String number(ResultSet row) throws SQLException {
    for (String column : new String[] {"own_number", "made_number"}) {
      String number = row.getString(column);
      if (number != null) {
        return number;
      }
    }
    String reference = row.getBoolean("is_known_by_reference") ? row.getString("reference") : null;
    return reference == null ? OrderNumbers.of(id.of(row)) : reference;
  }

  private static @Nullable String json(List<Amount> amounts) {
    try {
      return amounts.isEmpty() ? null : JSON.writeValueAsString(amounts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("amounts can't be written as JSON", e);
    }
  }

  private static List<Amount> amounts(@Nullable String json) {
    try {
      return json == null ? List.of() : List.of(JSON.readValue(json, Amount[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an order's amounts can't be read", e);
    }
  }

  private static String textOrEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable String textOrNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String row(String... values) {
    return "(" + String.join(", ", values) + ")";
  }
}
