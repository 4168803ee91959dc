package orderflow.order;

import static orderflow.platform.jdbc.SqlType.INT2;
import static orderflow.platform.jdbc.SqlType.INT4;
import static orderflow.platform.jdbc.SqlType.NUMERIC;
import static orderflow.platform.jdbc.SqlType.TEXT;
import static orderflow.platform.jdbc.SqlType.UUID;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import orderflow.platform.jdbc.Columns;

/** The table {@code order_item}: how an order's items are stored, and how they are read again. */
public final class ItemColumns extends Columns<OrderLine> {

  public static final ItemColumns ITEMS = new ItemColumns();

  /** An order's items as a value of its row, for statements whose rows {@link #read} reads. */
  public static final String OF_ORDER =
      """
      (select array_agg(array[sku, name, quantity::text, unit_price::text] order by position)
        from order_item where order_id = orders.id) as items\
      """;

  private ItemColumns() {
    super("order_item");
    column("order_id", UUID, OrderLine::orderId);
    column("position", INT2, OrderLine::position);
    column("sku", TEXT, line -> Objects.requireNonNullElse(line.item().sku(), ""));
    column("name", TEXT, line -> line.item().name());
    column("quantity", INT4, line -> line.item().quantity());
    column("unit_price", NUMERIC, line -> line.item().unitPrice());
  }

  /** An order's items, in their order. */
  public static List<Item> read(ResultSet row) throws SQLException {
    Array items = row.getArray("items");
    return items == null
        ? List.of()
        : Arrays.stream((String[][]) items.getArray())
            .map(
                item ->
                    new Item(
                        item[0].isEmpty() ? null : item[0],
                        item[1],
                        Integer.parseInt(item[2]),
                        new BigDecimal(item[3])))
            .toList();
  }
}
