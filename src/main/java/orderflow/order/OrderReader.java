package orderflow.order;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.ValidationException;
import org.jspecify.annotations.Nullable;

/** Reads an order's JSON and holds it against every rule. Unknown fields are refused. */
public final class OrderReader {

  /** The field of an order from a file that says which one it is. */
  public static final String REFERENCE = "orderRef";

  /** What is wrong with discounts that, with the coupon's, take off more than there is. */
  public static final String OVER_SUBTOTAL =
      "must not be more than the subtotal, together with the coupon's";

  private static final String DEFAULT_LANGUAGE = "en";
  private static final int MOST_ITEMS = 200;
  private static final int MOST_OF_AN_ITEM = 9_999;

  private static final int MOST_AMOUNTS = 20;

  private static final Set<String> ORDER =
      Set.of("customer", "currency", "items", "couponCode", "discounts", "charges", "orderNumber");
  private static final Set<String> REFERENCED_ORDER =
      Stream.concat(Stream.of(REFERENCE), ORDER.stream()).collect(Collectors.toUnmodifiableSet());
  private static final Set<String> CUSTOMER = Set.of("id", "email", "name", "locale", "phone");
  private static final Set<String> ITEM = Set.of("sku", "name", "quantity", "unitPrice");
  private static final Set<String> AMOUNT = Set.of("label", "amount");

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
    String couponCode = body.textOrAbsent("couponCode", OrderRules.COUPON_CODE);
    List<Amount> discounts = amounts(body, "discounts", currency);
    List<Amount> charges = amounts(body, "charges", currency);
    String orderNumber = body.textOrAbsent("orderNumber", OrderRules.ORDER_NUMBER);
    body.check();
    NewOrder order =
        new NewOrder(
            customer,
            currency,
            items,
            couponCode,
            discounts,
            charges,
            orderNumber == null ? reference : orderNumber,
            reference,
            null);
    if (order.reducible().signum() < 0) {
      body.fault("discounts", OVER_SUBTOTAL);
      body.check();
    }
    return order;
  }

  @SuppressWarnings("NullAway")
  private static Customer customer(JsonObjectReader body) {
    String locale = body.textOrAbsent("locale", OrderRules.LANGUAGE);
    String email = body.textOrAbsent("email", OrderRules.EMAIL);
    return new Customer(
        body.text("id", OrderRules.CUSTOMER),
        email == null ? null : MailAddress.read(email),
        body.textOrAbsent("name", OrderRules.NAME),
        locale == null ? DEFAULT_LANGUAGE : locale.replace('_', '-'),
        body.textOrAbsent("phone", OrderRules.PHONE));
  }

  private static List<Amount> amounts(
      JsonObjectReader body, String field, @Nullable Currency currency) {
    return body.optionalObjects(field, MOST_AMOUNTS, AMOUNT, each -> amount(each, currency));
  }

  private static @Nullable Amount amount(JsonObjectReader body, @Nullable Currency currency) {
    String label = body.text("label", OrderRules.LABEL);
    BigDecimal amount = body.decimal("amount");
    if (amount != null) {
      String fault = amount.signum() == 0 ? "must be over 0" : OrderRules.faultOf(amount, currency);
      if (fault != null) {
        body.fault("amount", fault);
        return null;
      }
    }
    return label == null || amount == null || currency == null
        ? null
        : new Amount(label, Money.floor(amount, currency));
  }

  private static @Nullable Item item(JsonObjectReader body, @Nullable Currency currency) {
    String sku = body.trimmedOrAbsent("sku", OrderRules.SKU);
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
    if (name == null || quantity == null || unitPrice == null || currency == null) {
      return null;
    }
    return new Item(sku, name, quantity, Money.floor(unitPrice, currency));
  }
}
