package orderflow.fileimport;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of another system are read.
 *
 * @param columns its column for each of ours, or several, of which the first that is filled counts
 * @param constants our columns that it lacks, with the value that stands in every row
 * @param skip its columns with the values by which orders are passed over; * is any value
 * @param optional its columns that may be missing
 */
public record Profile(
    Map<String, List<String>> columns,
    Map<String, String> constants,
    Map<String, List<String>> skip,
    Set<String> optional) {

  /** The export of orders of Shopify. */
  static final Profile SHOPIFY =
      new Profile(
          Map.ofEntries(
              Map.entry("orderRef", List.of("Name")),
              Map.entry("customerId", List.of("Email", "Phone", "Name")),
              Map.entry("customerEmail", List.of("Email")),
              Map.entry("customerName", List.of("Billing Name", "Shipping Name")),
              Map.entry("customerPhone", List.of("Phone")),
              Map.entry("currency", List.of("Currency")),
              Map.entry("sku", List.of("Lineitem sku")),
              Map.entry("name", List.of("Lineitem name")),
              Map.entry("quantity", List.of("Lineitem quantity")),
              Map.entry("unitPrice", List.of("Lineitem price")),
              Map.entry("discountLabel", List.of("Discount Code")),
              Map.entry("discount", List.of("Discount Amount")),
              Map.entry("shipping", List.of("Shipping")),
              Map.entry("tax", List.of("Taxes")),
              Map.entry("subtotal", List.of("Subtotal")),
              Map.entry("total", List.of("Total"))),
          Map.of(),
          Map.of("Financial Status", List.of("voided", "refunded"), "Cancelled at", List.of("*")),
          Set.of(
              "Phone",
              "Billing Name",
              "Shipping Name",
              "Lineitem sku",
              "Discount Code",
              "Cancelled at"));

  public Profile(
      @Nullable Map<String, List<String>> columns,
      @Nullable Map<String, String> constants,
      @Nullable Map<String, List<String>> skip,
      @Nullable Set<String> optional) {
    this.columns = columns == null ? Map.of() : Map.copyOf(columns);
    this.constants = constants == null ? Map.of() : Map.copyOf(constants);
    this.skip = skip == null ? Map.of() : Map.copyOf(skip);
    this.optional = optional == null ? Set.of() : Set.copyOf(optional);
  }

  /** The profiles that are built in, and those of the settings, which come before them. */
  static Map<String, Profile> withBuiltIn(Map<String, Profile> ofSettings) {
    Map<String, Profile> all = new HashMap<>();
    all.put("shopify", SHOPIFY);
    all.putAll(ofSettings);
    return Map.copyOf(all);
  }
}
