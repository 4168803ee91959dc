package orderflow.fileimport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of columns, and each column's place in the order's JSON. */
final class ColumnNames {

  static final String DISCOUNT = "discount";
  static final String DISCOUNT_LABEL = "discountLabel";
  static final String SHIPPING = "shipping";
  static final String TAX = "tax";
  static final String SUBTOTAL = "subtotal";
  static final String TOTAL = "total";

  static final Map<String, String> OF_ORDER = new LinkedHashMap<>();
  static final Map<String, String> OF_ITEM = new LinkedHashMap<>();

  /** What another system has settled, in an order's first row. */
  static final Map<String, String> OF_AMOUNTS = new LinkedHashMap<>();

  /** What only other systems' rows have: the sums that ours is held against. */
  static final Map<String, String> OF_PROFILES = new LinkedHashMap<>();

  static final Set<String> REQUIRED =
      Set.of("orderRef", "customerId", "currency", "name", "quantity", "unitPrice");

  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 100;

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
    OF_PROFILES.put(SUBTOTAL, "/subtotal");
    OF_PROFILES.put(TOTAL, "/total");
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

  private ColumnNames() {}

  /** Our name of a column that a file calls so; null if there is none. */
  static @Nullable String ours(String name) {
    return OURS.get(compared(name));
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
        .map(ColumnNames::compared)
        .filter(name -> !name.isEmpty() && known.contains(name))
        .distinct()
        .count();
  }

  /** A name without what people write in different ways. */
  static String compared(String name) {
    StringBuilder compared = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && c != '-' && !CsvRow.isBlank(c)) {
        compared.append(c);
      }
    }
    return compared.toString().toLowerCase(Locale.ROOT);
  }

  /** What is wrong with a profile, or null if it can be used. */
  static @Nullable String faultOf(Profile profile) {
    Set<String> given = new TreeSet<>(profile.columns().keySet());
    given.addAll(profile.constants().keySet());
    Set<String> unknown = new TreeSet<>(given);
    unknown.removeAll(OURS.values());
    unknown.removeAll(OF_PROFILES.keySet());
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

  static void addFault(List<String> faults, Collection<String> names, String what) {
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
