package orderflow.fileimport;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import orderflow.platform.json.Violation;

/** Which column of a CSV file holds what of an order. */
final class CsvColumns {

  /** Columns that a header may have, which are those that a spreadsheet may have. */
  static final int MOST = 16_384;

  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 100;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,8}");

  /** Each column's place in the order's JSON. */
  private static final Map<String, String> OF_ORDER = new LinkedHashMap<>();

  private static final Map<String, String> OF_ITEM = new LinkedHashMap<>();
  private static final Set<String> OPTIONAL =
      Set.of(
          "customerEmail",
          "customerName",
          "customerPhone",
          "locale",
          "couponCode",
          "sku",
          "orderNumber");

  /**
   * Columns that say something of the order in its first row; further rows may leave them empty.
   */
  private static final String DISCOUNT = "discount";

  private static final String DISCOUNT_LABEL = "discountLabel";
  private static final Map<String, String> CHARGES = new LinkedHashMap<>();
  private static final Pattern ZERO = Pattern.compile("0+(\\.0*)?");
  private static final Set<String> OF_FIRST_ROW =
      Set.of(DISCOUNT, DISCOUNT_LABEL, "shipping", "tax", "orderNumber");

  static {
    OF_ORDER.put("orderRef", "/orderRef");
    OF_ORDER.put("customerId", "/customer/id");
    OF_ORDER.put("customerEmail", "/customer/email");
    OF_ORDER.put("customerName", "/customer/name");
    OF_ORDER.put("customerPhone", "/customer/phone");
    OF_ORDER.put("locale", "/customer/locale");
    OF_ORDER.put("currency", "/currency");
    OF_ORDER.put("couponCode", "/couponCode");
    OF_ORDER.put("orderNumber", "/orderNumber");
    CHARGES.put("shipping", "Shipping");
    CHARGES.put("tax", "Tax");
    OF_ITEM.put("sku", "/sku");
    OF_ITEM.put("name", "/name");
    OF_ITEM.put("quantity", "/quantity");
    OF_ITEM.put("unitPrice", "/unitPrice");
  }

  private record Column(int index, String parent, String field, String pointer) {}

  private final int count;
  private final int reference;
  private final List<Column> ofOrder;
  private final Map<String, Integer> ofFirstRow = new LinkedHashMap<>();
  private final List<Column> ofItem;

  /**
   * Columns as the header names them, in any order; those that begin with {@code _} are passed
   * over.
   *
   * @throws UnreadableFile if one is unknown, missing or there twice
   */
  CsvColumns(List<String> header) {
    Set<String> missing = new TreeSet<>(OF_ORDER.keySet());
    missing.addAll(OF_ITEM.keySet());
    missing.removeAll(OPTIONAL);
    header.forEach(missing::remove);
    List<String> unknown =
        header.stream()
            .filter(
                name ->
                    !name.startsWith("_")
                        && !OF_FIRST_ROW.contains(name)
                        && !OF_ORDER.containsKey(name)
                        && !OF_ITEM.containsKey(name))
            .toList();
    Set<String> seen = new HashSet<>();
    List<String> twice =
        header.stream().filter(name -> !name.startsWith("_") && !seen.add(name)).toList();
    List<String> faults = new ArrayList<>();
    told(faults, unknown, "unknown");
    told(faults, missing, "missing");
    told(faults, twice, "there twice");
    if (!faults.isEmpty()) {
      throw new UnreadableFile(
          "Line 1, the header row, can't be used: "
              + String.join("; ", faults)
              + ". Correct the header (columns are separated by commas) and drop the file again.");
    }
    count = header.size();
    reference = header.indexOf("orderRef");
    ofOrder = columns(header, OF_ORDER);
    ofItem = columns(header, OF_ITEM);
    for (String name : OF_FIRST_ROW) {
      if (header.contains(name)) {
        ofFirstRow.put(name, header.indexOf(name));
      }
    }
  }

  int count() {
    return count;
  }

  /** The index of the column that says which order a row is part of. */
  int reference() {
    return reference;
  }

  /** The JSON of an order of these rows; an empty field is a missing one. */
  ObjectNode order(List<List<String>> rows) {
    ObjectNode order = JsonNodeFactory.instance.objectNode();
    ObjectNode customer = order.putObject("customer");
    for (Column column : ofOrder) {
      put(column.parent.isEmpty() ? order : customer, column, rows.get(0));
    }
    addAmounts(order, rows.get(0));
    var items = order.putArray("items");
    for (List<String> row : rows) {
      ObjectNode item = items.addObject();
      ofItem.forEach(column -> put(item, column, row));
    }
    return order;
  }

  private void addAmounts(ObjectNode order, List<String> row) {
    if (ofFirstRow.isEmpty()) {
      return;
    }
    String label = field(row, DISCOUNT_LABEL);
    addAmount(order, "discounts", label.isEmpty() ? "Discount" : label, field(row, DISCOUNT));
    CHARGES.forEach((name, known) -> addAmount(order, "charges", known, field(row, name)));
  }

  /** Shops write 0 where there is none. */
  private static void addAmount(ObjectNode order, String list, String label, String amount) {
    if (!amount.isEmpty() && !ZERO.matcher(amount).matches()) {
      order.withArray(list).addObject().put("label", label).put("amount", amount);
    }
  }

  private String field(List<String> row, String name) {
    Integer index = ofFirstRow.get(name);
    return index == null ? "" : row.get(index);
  }

  /** What the rows of one order disagree in though it can be said only once. */
  List<Violation> disagreements(List<List<String>> rows) {
    if (rows.size() == 1) {
      return Collections.emptyList();
    }
    List<Violation> faults = new ArrayList<>();
    for (Column column : ofOrder) {
      String first = rows.get(0).get(column.index);
      boolean mayBeEmpty = OF_FIRST_ROW.contains(column.field);
      if (disagree(rows, column.index, first, mayBeEmpty)) {
        faults.add(new Violation(column.pointer, "must be the same in all rows of the order"));
      }
    }
    ofFirstRow.forEach(
        (name, index) -> {
          if (!name.equals("orderNumber") && disagree(rows, index, rows.get(0).get(index), true)) {
            faults.add(new Violation("", name + " must stand in the order's first row alone"));
          }
        });
    return faults;
  }

  private static boolean disagree(
      List<List<String>> rows, int index, String first, boolean mayBeEmpty) {
    return rows.stream()
        .map(row -> row.get(index))
        .anyMatch(value -> !value.equals(first) && !(mayBeEmpty && value.isEmpty()));
  }

  private static void put(ObjectNode node, Column column, List<String> row) {
    String text = row.get(column.index);
    if (column.field.equals("quantity") && WHOLE_NUMBER.matcher(text).matches()) {
      node.set(column.field, IntNode.valueOf(Integer.parseInt(text)));
    } else if (!text.isEmpty()) {
      node.set(column.field, TextNode.valueOf(text));
    }
  }

  private static List<Column> columns(List<String> header, Map<String, String> pointers) {
    List<Column> columns = new ArrayList<>();
    pointers.forEach(
        (name, pointer) -> {
          int slash = pointer.lastIndexOf('/');
          if (header.contains(name)) {
            columns.add(
                new Column(
                    header.indexOf(name),
                    pointer.substring(0, slash),
                    pointer.substring(slash + 1),
                    pointer));
          }
        });
    return columns;
  }

  private static void told(List<String> faults, Collection<String> names, String what) {
    if (names.isEmpty()) {
      return;
    }
    String list =
        names.stream()
            .limit(MOST_NAMED)
            .map(
                name ->
                    name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…")
            .collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMED;
    faults.add(what + ": " + list + (more > 0 ? " and " + more + " more" : ""));
  }
}
