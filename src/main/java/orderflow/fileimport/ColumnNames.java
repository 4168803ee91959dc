package orderflow.fileimport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of columns as people write them, and those of what other systems have settled. */
final class ColumnNames {

  static final String DISCOUNT = "discount";
  static final String DISCOUNT_LABEL = "discountLabel";
  static final String SHIPPING = "shipping";
  static final String TAX = "tax";
  static final String SUBTOTAL = "subtotal";
  static final String TOTAL = "total";

  /** What only other systems' rows have: the sums that ours is held against. */
  static final Map<String, String> OF_PROFILES = new LinkedHashMap<>();

  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 100;

  static {
    OF_PROFILES.put(SUBTOTAL, "/subtotal");
    OF_PROFILES.put(TOTAL, "/total");
  }

  private ColumnNames() {}

  /** How many names of a row are those of columns, by which a header is known. */
  static long known(FileSubject subject, List<String> names, Map<String, Profile> profiles) {
    Set<String> known = new HashSet<>(subject.layout().names().keySet());
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
    unknown.removeAll(RowLayout.ORDERS.names().values());
    unknown.removeAll(OF_PROFILES.keySet());
    Set<String> missing = RowLayout.ORDERS.missing(given);
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
