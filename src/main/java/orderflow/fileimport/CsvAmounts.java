package orderflow.fileimport;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns of what another system has settled: discounts, charges and sums. */
final class CsvAmounts {

  private static final Pattern ZERO = Pattern.compile("-?0+(\\.0*)?");
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,10})?");

  private final Map<String, CsvColumn> columns = new LinkedHashMap<>();

  CsvAmounts(CsvHeader header) {
    header
        .columns(header.subject().layout().ofAmounts())
        .forEach(column -> columns.put(column.name(), column));
    // A constant is no sum to hold ours against.
    header.columns(ColumnNames.OF_PROFILES).stream()
        .filter(column -> column.indices().length > 0)
        .forEach(column -> columns.put(column.name(), column));
  }

  Collection<CsvColumn> columns() {
    return columns.values();
  }

  void addTo(ObjectNode order, CsvRow row) {
    String label = amount(ColumnNames.DISCOUNT_LABEL, row);
    addAmount(
        order,
        "discounts",
        label.isEmpty() ? "Discount" : label,
        amount(ColumnNames.DISCOUNT, row));
    addAmount(order, "charges", "Shipping", amount(ColumnNames.SHIPPING, row));
    if (!pricesContainTax(row)) {
      addAmount(order, "charges", "Tax", amount(ColumnNames.TAX, row));
    }
  }

  /** Shops write 0 where there is none. */
  private static void addAmount(ObjectNode order, String list, String label, String amount) {
    if (!amount.isEmpty() && !ZERO.matcher(amount).matches()) {
      order.withArray(list).addObject().put("label", label).put("amount", amount);
    }
  }

  private String amount(String name, CsvRow row) {
    CsvColumn column = columns.get(name);
    return column == null ? "" : column.of(row);
  }

  /** Whether the file's own total is that of its subtotal and shipping alone. */
  private boolean pricesContainTax(CsvRow row) {
    BigDecimal subtotal = number(ColumnNames.SUBTOTAL, row);
    BigDecimal total = number(ColumnNames.TOTAL, row);
    BigDecimal tax = number(ColumnNames.TAX, row);
    if (subtotal == null || total == null || tax == null || tax.signum() == 0) {
      return false;
    }
    BigDecimal shipping = number(ColumnNames.SHIPPING, row);
    return subtotal.add(shipping == null ? BigDecimal.ZERO : shipping).compareTo(total) == 0;
  }

  private @Nullable BigDecimal number(String name, CsvRow row) {
    String text = amount(name, row);
    return AMOUNT.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  /** The total that the file says an order has, or null if it does not say it. */
  @Nullable String total(CsvRow first) {
    String total = amount(ColumnNames.TOTAL, first);
    return total.isEmpty() ? null : total;
  }
}
