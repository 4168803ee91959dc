package orderflow.fileimport;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The columns that a file of rows can have, and each one's place in an entry's JSON.
 *
 * @param reference the column by which rows are one entry
 * @param ofEntry what is the same in all rows of an entry
 * @param ofItem what is of each row; none if an entry has no items
 * @param ofAmounts what another system has settled, in an entry's first row
 * @param required without which a file can't be read
 * @param oneOf of each of these lists a file has one column at least
 * @param owner a row that names none of these goes on with the one above
 * @param ids a spreadsheet cuts the last digits of a long number
 * @param decimals columns that hold numbers
 * @param wholeNumbers the same without decimals
 */
record RowLayout(
    String reference,
    Map<String, String> ofEntry,
    Map<String, String> ofItem,
    Map<String, String> ofAmounts,
    Set<String> required,
    List<List<String>> oneOf,
    Set<String> owner,
    Set<String> ids,
    Set<String> decimals,
    Set<String> wholeNumbers) {

  static final RowLayout ORDERS =
      new RowLayout(
          "orderRef",
          places(
              "orderRef", "/orderRef",
              "customerId", "/customer/id",
              "customerEmail", "/customer/email",
              "customerName", "/customer/name",
              "customerPhone", "/customer/phone",
              "locale", "/customer/locale",
              "currency", "/currency",
              "couponCode", "/couponCode",
              "orderNumber", "/orderNumber"),
          places(
              "sku", "/sku",
              "name", "/name",
              "quantity", "/quantity",
              "unitPrice", "/unitPrice"),
          places(
              ColumnNames.DISCOUNT, "/discounts/0/amount",
              ColumnNames.DISCOUNT_LABEL, "/discounts/0/label",
              ColumnNames.SHIPPING, "/charges/0/amount",
              ColumnNames.TAX, "/charges/1/amount"),
          Set.of("orderRef", "customerId", "currency", "name", "quantity", "unitPrice"),
          List.of(),
          Set.of("customerId", "customerEmail", "customerName", "customerPhone"),
          Set.of("orderRef", "customerId"),
          Set.of("unitPrice", "discount", "shipping", "tax"),
          Set.of("quantity"));

  static final RowLayout RETURNS =
      new RowLayout(
          "returnRef",
          places(
              "returnRef", "/returnRef",
              "orderRef", "/orderRef",
              "orderId", "/orderId",
              "reason", "/reason"),
          places("position", "/position", "sku", "/sku", "quantity", "/quantity"),
          Map.of(),
          Set.of("returnRef", "quantity"),
          List.of(List.of("orderRef", "orderId"), List.of("position", "sku")),
          Set.of("orderRef", "orderId"),
          Set.of("returnRef", "orderRef"),
          Set.of(),
          Set.of("position", "quantity"));

  static final RowLayout CANCELLATIONS =
      new RowLayout(
          "returnRef",
          RETURNS.ofEntry,
          Map.of(),
          Map.of(),
          Set.of("returnRef"),
          List.of(List.of("orderRef", "orderId")),
          RETURNS.owner,
          RETURNS.ids,
          Set.of(),
          Set.of());

  /** The names as {@link ColumnNames#compared} has them, each with the name itself. */
  Map<String, String> names() {
    Map<String, String> names = new HashMap<>();
    Stream.of(ofEntry, ofAmounts, ofItem)
        .flatMap(places -> places.keySet().stream())
        .forEach(name -> names.put(ColumnNames.compared(name), name));
    return names;
  }

  /** Which of the columns that a file must have are not among some. */
  Set<String> missing(Set<String> given) {
    Set<String> missing = new TreeSet<>(required);
    missing.removeAll(given);
    for (List<String> alternatives : oneOf) {
      if (alternatives.stream().noneMatch(given::contains)) {
        missing.add(String.join(" or ", alternatives));
      }
    }
    return missing;
  }

  /** In the order of their faults. */
  private static Map<String, String> places(String... namesAndPointers) {
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < namesAndPointers.length; i += 2) {
      places.put(namesAndPointers[i], namesAndPointers[i + 1]);
    }
    return places;
  }
}
