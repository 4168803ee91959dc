package orderflow.fileimport;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import orderflow.order.OrderRules;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/** Which column of a file of rows holds what of an order. */
final class CsvColumns {

  /** Columns that a header may have, which are those that a spreadsheet may have. */
  static final int MOST = 16_384;

  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 100;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("(0|-?[1-9][0-9]{0,8})(\\.0+)?");

  /** Each column's place in the order's JSON. */
  private static final Map<String, String> OF_ORDER = new LinkedHashMap<>();

  private static final Map<String, String> OF_ITEM = new LinkedHashMap<>();

  /** What another system has settled, in an order's first row. */
  private static final Map<String, String> OF_AMOUNTS = new LinkedHashMap<>();

  /** What only other systems' rows have: the sums that ours is held against. */
  private static final Set<String> OF_PROFILES = Set.of("subtotal", "total");

  private static final Set<String> REQUIRED =
      Set.of("orderRef", "customerId", "currency", "name", "quantity", "unitPrice");

  private static final String DISCOUNT = "discount";
  private static final String DISCOUNT_LABEL = "discountLabel";
  private static final String SHIPPING = "shipping";
  private static final String TAX = "tax";
  private static final Pattern ZERO = Pattern.compile("-?0+(\\.0*)?");
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,10})?");

  /** Columns that hold numbers. */
  private static final Set<String> NUMBERS =
      Set.of("quantity", "unitPrice", DISCOUNT, SHIPPING, TAX);

  /** Stands for any value by which orders are passed over. */
  private static final String ANY = "*";

  /** What a spreadsheet shows of a formula that fails. */
  private static final Set<String> FAILED =
      Set.of("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!");

  /** The ids of orders and customers: a spreadsheet cuts the last digits of a long number. */
  private static final Set<String> IDS = Set.of("orderRef", "customerId");

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
    OF_AMOUNTS.put(DISCOUNT, "/discounts/0/amount");
    OF_AMOUNTS.put(DISCOUNT_LABEL, "/discounts/0/label");
    OF_AMOUNTS.put(SHIPPING, "/charges/0/amount");
    OF_AMOUNTS.put(TAX, "/charges/1/amount");
    OF_ITEM.put("sku", "/sku");
    OF_ITEM.put("name", "/name");
    OF_ITEM.put("quantity", "/quantity");
    OF_ITEM.put("unitPrice", "/unitPrice");
  }

  private static final Map<String, String> OURS = new HashMap<>();

  static {
    OF_ORDER.keySet().forEach(name -> OURS.put(compared(name), name));
    OF_AMOUNTS.keySet().forEach(name -> OURS.put(compared(name), name));
    OF_ITEM.keySet().forEach(name -> OURS.put(compared(name), name));
  }

  /**
   * One of our columns.
   *
   * @param indices its places in a row, of which the first that is filled counts
   * @param constant what stands for it where all of them are empty
   */
  private record Column(
      String name, int[] indices, String constant, String parent, String field, String pointer) {

    String of(CsvRow row) {
      for (int index : indices) {
        String value = row.field(index);
        if (!value.isEmpty()) {
          return value;
        }
      }
      return constant;
    }

    boolean isBlankIn(CsvRow row) {
      for (int index : indices) {
        if (!row.field(index).isEmpty()) {
          return false;
        }
      }
      return true;
    }

    /** The first of some rows that says something else than the first row, or null. */
    @Nullable CsvRow differing(List<CsvRow> rows) {
      for (int index : indices) {
        String value = rows.get(0).field(index);
        for (int i = 1; i < rows.size(); i++) {
          String other = rows.get(i).field(index);
          if (!other.isEmpty() && !other.equals(value)) {
            return rows.get(i);
          }
        }
      }
      return null;
    }
  }

  /** A column of a profile, and the values by which orders are passed over. */
  private record Skipped(int index, Set<String> values) {}

  private final @Nullable String profile;
  private final int count;
  private final int reference;
  private final int added;
  private final List<Integer> unnamed;
  private final Set<Integer> passedOver;
  private final List<Column> ofOrder;
  private final List<Column> ofItem;
  private final List<Column> ofCustomer;
  private final Map<String, Column> amounts = new LinkedHashMap<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private final @Nullable Column currency;

  /**
   * Columns as the header names them, in any order. Those that begin with {@code _} are passed
   * over, and nameless ones where no other column follows.
   *
   * @param line on which the header stands
   * @param profiles other systems' columns, by the profile's name
   * @throws UnreadableFile if one is unknown, missing or there twice
   */
  CsvColumns(List<String> header, long line, char delimiter, Map<String, Profile> profiles) {
    Map<String, int[]> ours = new HashMap<>();
    Map<String, Integer> theirs = new HashMap<>();
    Set<String> twice = new TreeSet<>();
    List<String> unknown = new ArrayList<>();
    int last = lastNamed(header);
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      if (name.startsWith("_")) {
        continue;
      }
      theirs.putIfAbsent(compared(name), i);
      String our = OURS.get(compared(name));
      if (our == null) {
        if (i <= last) {
          unknown.add(name.isEmpty() ? "(column " + (i + 1) + ", which has no name)" : name);
        }
      } else if (ours.putIfAbsent(our, new int[] {i}) != null) {
        twice.add(name);
      }
    }
    Set<String> missing = new TreeSet<>(REQUIRED);
    missing.removeAll(ours.keySet());

    Map.Entry<String, Profile> taken =
        unknown.isEmpty() && missing.isEmpty() ? null : fitting(theirs.keySet(), profiles);
    if (taken != null) {
      ours.clear();
      Profile other = taken.getValue();
      other.columns().forEach((our, names) -> ours.put(our, indices(names, theirs)));
      other.skip().forEach((name, values) -> addSkipped(theirs.get(compared(name)), values));
      unknown.clear();
      missing.clear();
      twice.clear();
    }
    List<String> faults = new ArrayList<>();
    addFault(faults, unknown, "unknown");
    addFault(faults, missing, "missing");
    addFault(faults, twice, "there twice");
    if (!faults.isEmpty()) {
      throw new UnreadableFile(
          "Line "
              + line
              + ", the header row, can't be used: "
              + String.join("; ", faults)
              + ". Correct the header (columns are separated by "
              + named(delimiter)
              + ") and drop the file again.");
    }
    profile = taken == null ? null : taken.getKey();
    count = header.size();
    int[] references = ours.getOrDefault("orderRef", new int[0]);
    reference = references.length == 0 ? -1 : references[0];
    added = added(header, last);
    unnamed =
        taken != null
            ? List.of()
            : IntStream.range(0, count).filter(i -> header.get(i).isEmpty()).boxed().toList();
    passedOver =
        IntStream.range(0, count)
            .filter(i -> header.get(i).startsWith("_"))
            .boxed()
            .collect(Collectors.toSet());
    Map<String, String> constants = taken == null ? Map.of() : taken.getValue().constants();
    ofOrder = columns(ours, constants, OF_ORDER);
    ofItem = columns(ours, constants, OF_ITEM);
    columns(ours, constants, OF_AMOUNTS).forEach(column -> amounts.put(column.name, column));
    Map<String, String> sums = new LinkedHashMap<>();
    OF_PROFILES.forEach(name -> sums.put(name, "/" + name));
    columns(ours, Map.of(), sums).forEach(column -> amounts.put(column.name, column));
    ofCustomer = ofOrder.stream().filter(c -> c.name.startsWith("customer")).toList();
    currency = ofOrder.stream().filter(c -> c.name.equals("currency")).findFirst().orElse(null);
  }

  /** How many names of a row are those of columns, by which a header is known. */
  static long known(List<String> names, Map<String, Profile> profiles) {
    Set<String> known = new HashSet<>(OURS.keySet());
    profiles
        .values()
        .forEach(
            profile ->
                profile.columns().values().stream()
                    .flatMap(List::stream)
                    .forEach(name -> known.add(compared(name))));
    return names.stream()
        .map(CsvColumns::compared)
        .filter(name -> !name.isEmpty() && known.contains(name))
        .distinct()
        .count();
  }

  /** A name without what people write in different ways. */
  private static String compared(String name) {
    StringBuilder compared = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && c != '-' && !CsvRow.isBlank(c)) {
        compared.append(c);
      }
    }
    return compared.toString().toLowerCase(Locale.ROOT);
  }

  /** The profile whose columns are all there, and if several are, the one with the most. */
  private static Map.@Nullable Entry<String, Profile> fitting(
      Set<String> header, Map<String, Profile> profiles) {
    Map.Entry<String, Profile> fitting = null;
    for (Map.Entry<String, Profile> each : profiles.entrySet()) {
      Profile profile = each.getValue();
      boolean fits =
          Stream.concat(
                  profile.columns().values().stream().flatMap(List::stream),
                  profile.skip().keySet().stream())
              .filter(name -> !profile.optional().contains(name))
              .allMatch(name -> header.contains(compared(name)));
      if (fits
          && (fitting == null || profile.columns().size() > fitting.getValue().columns().size())) {
        fitting = each;
      }
    }
    return fitting;
  }

  private static int[] indices(List<String> names, Map<String, Integer> header) {
    return names.stream()
        .map(name -> header.get(compared(name)))
        .filter(Objects::nonNull)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void addSkipped(@Nullable Integer index, List<String> values) {
    if (index != null) {
      skipped.add(
          new Skipped(
              index,
              values.stream().map(v -> v.toLowerCase(Locale.ROOT)).collect(Collectors.toSet())));
    }
  }

  /** The last column of the file's own that has a name. */
  private static int lastNamed(List<String> header) {
    int last = header.size() - 1;
    while (last >= 0 && (header.get(last).isEmpty() || header.get(last).startsWith("_"))) {
      last--;
    }
    return last;
  }

  /** Where the line and the fault stand that an earlier import has added, or -1. */
  private static int added(List<String> header, int last) {
    for (int i = last + 1; i + 1 < header.size(); i++) {
      boolean ends = header.subList(i + 2, header.size()).stream().allMatch(String::isEmpty);
      if (header.get(i).equals("_line") && header.get(i + 1).equals("_error") && ends) {
        return i;
      }
    }
    return -1;
  }

  /** The name of the profile that was taken, or null if the columns are ours. */
  @Nullable String profile() {
    return profile;
  }

  int count() {
    return count;
  }

  /** Where the line and the fault stand that an earlier import has added, or -1. */
  int added() {
    return added;
  }

  /** Which order a row is part of; empty where it does not say. */
  String referenceOf(CsvRow row) {
    return row.field(reference);
  }

  /** Whether a row says nothing of an order. */
  boolean isBlank(CsvRow row, char delimiter) {
    if (row.isBroken()) {
      return false;
    }
    for (int i = 0; i < row.fields().size(); i++) {
      if (!row.fields().get(i).isEmpty() && !passedOver.contains(i)) {
        return false;
      }
    }
    return row.isBlankBeyond(delimiter);
  }

  /** The row, as a broken one if it does not fit below the header. */
  CsvRow checked(CsvRow row) {
    if (row.isBroken()) {
      return row;
    }
    if (row.count() > count) {
      return row.withFault("has " + row.count() + " fields where the header has " + count);
    }
    for (int i : unnamed) {
      if (!row.field(i).isEmpty()) {
        return row.withFault("has a value in column " + (i + 1) + ", which has no name");
      }
    }
    for (int i = 0; i < row.fields().size(); i++) {
      String field = row.fields().get(i);
      if (!field.isEmpty() && field.charAt(0) == '#' && FAILED.contains(field)) {
        return row.withFault("has " + field + " in column " + (i + 1) + ", a formula's failure");
      }
    }
    return row;
  }

  /** Whether a row that names no order goes on with the one above: it names no customer either. */
  boolean goesOn(CsvRow row) {
    if (!referenceOf(row).isEmpty()) {
      return false;
    }
    for (Column column : ofCustomer) {
      if (!column.isBlankIn(row)) {
        return false;
      }
    }
    return true;
  }

  /** Whether an order is passed over, by the first of its rows. */
  boolean skips(CsvRow first) {
    for (Skipped column : skipped) {
      String value = first.field(column.index).toLowerCase(Locale.ROOT);
      if (column.values.contains(value) || !value.isEmpty() && column.values.contains(ANY)) {
        return true;
      }
    }
    return false;
  }

  /** The JSON of an order of these rows; an empty field is a missing one. */
  ObjectNode order(List<CsvRow> rows) {
    ObjectNode order = JsonNodeFactory.instance.objectNode();
    ObjectNode customer = order.putObject("customer");
    for (Column column : ofOrder) {
      put(column.parent.isEmpty() ? order : customer, column, rows.get(0));
    }
    if (!amounts.isEmpty()) {
      addAmounts(order, rows.get(0));
    }
    var items = order.putArray("items");
    for (CsvRow row : rows) {
      ObjectNode item = items.addObject();
      for (Column column : ofItem) {
        put(item, column, row);
      }
    }
    return order;
  }

  private void addAmounts(ObjectNode order, CsvRow row) {
    String label = amount(DISCOUNT_LABEL, row);
    addAmount(order, "discounts", label.isEmpty() ? "Discount" : label, amount(DISCOUNT, row));
    addAmount(order, "charges", "Shipping", amount(SHIPPING, row));
    if (!pricesContainTax(row)) {
      addAmount(order, "charges", "Tax", amount(TAX, row));
    }
  }

  /** Shops write 0 where there is none. */
  private static void addAmount(ObjectNode order, String list, String label, String amount) {
    if (!amount.isEmpty() && !ZERO.matcher(amount).matches()) {
      order.withArray(list).addObject().put("label", label).put("amount", amount);
    }
  }

  private String amount(String name, CsvRow row) {
    Column column = amounts.get(name);
    return column == null ? "" : column.of(row);
  }

  /** Whether the file's own total is that of its subtotal and shipping alone. */
  private boolean pricesContainTax(CsvRow row) {
    BigDecimal subtotal = number("subtotal", row);
    BigDecimal total = number("total", row);
    BigDecimal tax = number(TAX, row);
    if (subtotal == null || total == null || tax == null || tax.signum() == 0) {
      return false;
    }
    BigDecimal shipping = number(SHIPPING, row);
    return subtotal.add(shipping == null ? BigDecimal.ZERO : shipping).compareTo(total) == 0;
  }

  private @Nullable BigDecimal number(String name, CsvRow row) {
    String text = amount(name, row);
    return AMOUNT.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  /** The total that the file says an order has, or null if it does not say it. */
  @Nullable String total(CsvRow first) {
    Column column = amounts.get("total");
    String total = column == null ? "" : column.of(first);
    return total.isEmpty() ? null : total;
  }

  /** What is wrong with the rows of one order as rows: what they disagree in, and their numbers. */
  List<RowFault> faults(List<CsvRow> rows) {
    List<RowFault> faults = new ArrayList<>(0);
    for (Column column : ofOrder) {
      if (IDS.contains(column.name) && RowNumbers.isExponent(column.of(rows.get(0)))) {
        faults.add(
            ofOrder(
                column.pointer,
                "is a number that Excel has shortened: give the column the format Text and write"
                    + " the number in full"));
      }
      addDisagreement(faults, column, rows);
    }
    for (Column column : amounts.values()) {
      addDisagreement(faults, column, rows);
      addNumberFault(faults, rows, 0, column, column.pointer);
    }
    for (int i = 0; i < rows.size(); i++) {
      for (Column column : ofItem) {
        if (NUMBERS.contains(column.name)) {
          addNumberFault(faults, rows, i, column, "/items/" + i + column.pointer);
        }
      }
    }
    return faults;
  }

  private static void addDisagreement(List<RowFault> faults, Column column, List<CsvRow> rows) {
    CsvRow differing = rows.size() == 1 ? null : column.differing(rows);
    if (differing != null) {
      faults.add(
          ofOrder(
              column.pointer,
              "must be the same in all rows of the order, or blank below the first; line "
                  + differing.row().line()
                  + " differs from line "
                  + rows.get(0).row().line()));
    }
  }

  private void addNumberFault(
      List<RowFault> faults, List<CsvRow> rows, int i, Column column, String pointer) {
    if (column.name.equals(DISCOUNT_LABEL)) {
      return;
    }
    String text = column.of(rows.get(i));
    boolean whole = column.name.equals("quantity");
    String fault = RowNumbers.faultOf(text, whole ? 0 : 3);
    if (fault == null && !whole && text.length() > 4 && text.charAt(text.length() - 4) == '.') {
      fault = RowNumbers.faultOf(text, decimals(rows.get(0)));
    }
    if (fault != null) {
      faults.add(Rejection.place(new Violation(pointer, fault), rows.size()));
    }
  }

  private int decimals(CsvRow first) {
    Currency known = currency == null ? null : OrderRules.currency(currency.of(first));
    return known == null ? 2 : known.getDefaultFractionDigits();
  }

  private static RowFault ofOrder(String pointer, String detail) {
    return new RowFault(RowFault.ORDER, new Violation(pointer, detail));
  }

  /** A customer that is known by a phone number has no blanks in it, and a phone no words. */
  private static String adapted(String name, String text) {
    String plain = text.startsWith("'") ? text.substring(1) : text;
    return switch (name) {
      case "customerId" -> plain.replaceAll("\\s", "");
      case "customerPhone" -> OrderRules.PHONE.allows(plain) ? plain : "";
      default -> text;
    };
  }

  private void put(ObjectNode node, Column column, CsvRow row) {
    String text = column.of(row);
    if (text.isEmpty()) {
      return;
    }
    if (profile != null) {
      text = adapted(column.name, text);
    }
    if (column.field.equals("quantity") && WHOLE_NUMBER.matcher(text).matches()) {
      int point = text.indexOf('.');
      String whole = point < 0 ? text : text.substring(0, point);
      node.set(column.field, IntNode.valueOf(Integer.parseInt(whole)));
    } else {
      node.set(column.field, TextNode.valueOf(text));
    }
  }

  private static List<Column> columns(
      Map<String, int[]> indices, Map<String, String> constants, Map<String, String> pointers) {
    List<Column> columns = new ArrayList<>();
    pointers.forEach(
        (name, pointer) -> {
          int slash = pointer.lastIndexOf('/');
          int[] places = indices.getOrDefault(name, new int[0]);
          String constant = constants.getOrDefault(name, "");
          if (places.length > 0 || !constant.isEmpty()) {
            columns.add(
                new Column(
                    name,
                    places,
                    constant,
                    pointer.substring(0, slash),
                    pointer.substring(slash + 1),
                    pointer));
          }
        });
    return columns;
  }

  /** What is wrong with a profile, or null if it can be used. */
  static @Nullable String faultOf(Profile profile) {
    Set<String> given = new TreeSet<>(profile.columns().keySet());
    given.addAll(profile.constants().keySet());
    Set<String> unknown = new TreeSet<>(given);
    unknown.removeAll(OURS.values());
    unknown.removeAll(OF_PROFILES);
    Set<String> missing = new TreeSet<>(REQUIRED);
    missing.removeAll(given);
    List<String> faults = new ArrayList<>();
    addFault(faults, unknown, "unknown columns");
    addFault(faults, missing, "missing columns");
    if (!profile.columns().containsKey("orderRef")) {
      faults.add("orderRef must be a column and no constant");
    }
    return faults.isEmpty() ? null : String.join("; ", faults);
  }

  private static String named(char delimiter) {
    return switch (delimiter) {
      case ',' -> "commas";
      case ';' -> "semicolons";
      case '\t' -> "tabs";
      default -> "'" + delimiter + "'";
    };
  }

  private static void addFault(List<String> faults, Collection<String> names, String what) {
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
