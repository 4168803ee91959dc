package orderflow.order;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.ValidationException;
import org.jspecify.annotations.Nullable;

/** Reads an order's JSON and holds it against every rule. Unknown fields are refused. */
public final class OrderReader {

  /** The field of an order from a file that says which one it is. */
  public static final String REFERENCE = "orderRef";

  private static final String DEFAULT_LANGUAGE = "en";
  private static final int MOST_ITEMS = 200;
  private static final int MOST_OF_AN_ITEM = 9_999;

  private static final Set<String> ORDER = Set.of("customer", "currency", "items", "couponCode");
  private static final Set<String> REFERENCED_ORDER =
      Set.of(REFERENCE, "customer", "currency", "items", "couponCode");
  private static final Set<String> CUSTOMER = Set.of("id", "email", "name", "locale", "phone");
  private static final Set<String> ITEM = Set.of("sku", "name", "quantity", "unitPrice");

  private OrderReader() {}

  /**
   * Reads the body of {@code POST /api/orders}.
   *
   * @throws ValidationException with all faults
   */
  public static NewOrder read(JsonNode json) {
    return read(json, ORDER, false);
  }

  /**
   * Reads an order of a file: the same body with an {@code orderRef}.
   *
   * @throws ValidationException with all faults
   */
  public static NewOrder readReferenced(JsonNode json) {
    return read(json, REFERENCED_ORDER, true);
  }

  @SuppressWarnings("NullAway") // check() throws if any of them is null
  private static NewOrder read(JsonNode json, Set<String> fields, boolean referenced) {
    JsonObjectReader body = JsonObjectReader.of(json, fields);
    String reference = referenced ? body.text(REFERENCE, OrderRules.REFERENCE) : null;
    Customer customer = body.object("customer", CUSTOMER, OrderReader::customer);
    String code = body.text("currency", OrderRules.CURRENCY);
    Currency currency = code == null ? null : OrderRules.currency(code);
    List<Item> items = body.objects("items", MOST_ITEMS, ITEM, item -> item(item, currency));
    String couponCode = body.textOrAbsent("couponCode", OrderRules.IDENTIFIER);
    body.check();
    return new NewOrder(customer, currency, items, couponCode, reference);
  }

  @SuppressWarnings("NullAway")
  private static Customer customer(JsonObjectReader body) {
    String locale = body.textOrAbsent("locale", OrderRules.LANGUAGE);
    return new Customer(
        body.text("id", OrderRules.IDENTIFIER),
        body.text("email", OrderRules.EMAIL),
        body.text("name", OrderRules.NAME),
        locale == null ? DEFAULT_LANGUAGE : locale,
        body.textOrAbsent("phone", OrderRules.PHONE));
  }

  private static @Nullable Item item(JsonObjectReader body, @Nullable Currency currency) {
    String sku = body.text("sku", OrderRules.IDENTIFIER);
    String name = body.text("name", OrderRules.NAME);
    Integer quantity = body.integer("quantity", 1, MOST_OF_AN_ITEM);
    BigDecimal unitPrice = body.decimal("unitPrice");
    if (unitPrice != null) {
      String fault = OrderRules.faultOf(unitPrice, currency);
      if (fault != null) {
        body.fault("unitPrice", fault);
        return null;
      }
    }
    if (sku == null || name == null || quantity == null || unitPrice == null || currency == null) {
      return null;
    }
    return new Item(sku, name, quantity, Money.floor(unitPrice, currency));
  }
}
