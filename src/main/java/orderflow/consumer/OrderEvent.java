package orderflow.consumer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import orderflow.order.Amount;
import orderflow.order.Item;
import orderflow.order.OrderNumbers;
import orderflow.order.OrderRules;
import orderflow.outbox.EventType;
import org.jspecify.annotations.Nullable;

/** An OrderCompletedEvent, read tolerantly as {@link EventFields} says. */
public final class OrderEvent {

  private static final Pattern CUSTOMER_ID = Pattern.compile("[!-~]{1,255}");
  private static final int LONGEST_PHONE = 40;

  private final EventFields fields;
  private final EventFields customer;

  OrderEvent(EventFields fields) {
    this.fields = fields;
    this.customer = fields.object("customer");
  }

  /**
   * Reads a record's value. A structured CloudEvent is read by its data.
   *
   * @throws InvalidEvent if it is a tombstone or not a JSON object
   */
  public static OrderEvent parse(byte @Nullable [] value) {
    return new OrderEvent(EventFields.parse(EventType.ORDER_COMPLETED, value));
  }

  /**
   * A record's value as JSON: behind a registry's prefix, and a structured CloudEvent by its data.
   *
   * @throws InvalidEvent if it is not text in UTF-8, or the data can't be decoded
   */
  public static JsonNode tree(byte[] value) throws JacksonException {
    return EventFields.tree(value);
  }

  /**
   * A record's value as text, without a schema registry's prefix and without a byte order mark.
   *
   * @throws InvalidEvent if it is a tombstone or not in UTF-8
   */
  public static String text(byte @Nullable [] value) {
    return EventFields.text(value);
  }

  /** The event as JSON, without what it was wrapped in. */
  public String json() {
    return fields.json();
  }

  public UUID orderId() {
    return fields.uuid("orderId");
  }

  public String customerId() {
    return customer.text("id", CUSTOMER_ID, "is no id of 1 to 255 visible ASCII characters");
  }

  /** Where to write to; null if the customer gets no mail. */
  public @Nullable String customerEmail() {
    return customer.textIfAny("email");
  }

  /** The customer's name; empty if it is not known. */
  public String customerName() {
    return customer.has("name") ? customer.text("name") : "";
  }

  /**
   * The customer's phone number; null where there is none. One that is not usable is read as none,
   * because nothing depends on it.
   */
  public @Nullable String customerPhone() {
    String phone = customer.anyText("phone");
    return phone == null || phone.isBlank() || phone.length() > LONGEST_PHONE ? null : phone;
  }

  /** The customer's language, a BCP 47 tag; {@code en} where there is none. */
  public String customerLocale() {
    return customer.has("locale") ? customer.text("locale") : "en";
  }

  public Currency currency() {
    return fields.currency("currency");
  }

  public BigDecimal subtotal() {
    return fields.amount("subtotal");
  }

  public BigDecimal discount() {
    return fields.amount("discount");
  }

  public BigDecimal total() {
    return fields.amount("total");
  }

  /** What was taken off the price by others than a coupon, and by which names. */
  public List<Amount> discounts() {
    return amounts("discounts");
  }

  /** What was charged beside the price. */
  public List<Amount> charges() {
    return amounts("charges");
  }

  /** What the coupon alone took off. */
  public BigDecimal couponDiscount() {
    return discount().subtract(sum(discounts())).max(BigDecimal.ZERO);
  }

  /**
   * What was paid for goods: the subtotal without reductions. Of an event that does not have both,
   * the total without charges.
   */
  public BigDecimal paidForGoods() {
    BigDecimal total = total();
    BigDecimal goods =
        fields.has("subtotal") && fields.has("discount")
            ? subtotal().subtract(discount())
            : total.subtract(sum(charges()));
    return goods.max(BigDecimal.ZERO);
  }

  /** The number that people know the order by. */
  public String orderNumber() {
    return fields.has("orderNumber") ? fields.text("orderNumber") : OrderNumbers.of(orderId());
  }

  public @Nullable String couponCode() {
    String code = fields.textIfAny("couponCode");
    if (code != null && !OrderRules.COUPON_CODE.allows(code)) {
      throw fields.fault("couponCode", "is no code of 1 to 64 printable characters without blanks");
    }
    return code;
  }

  public List<Item> items() {
    List<EventFields> items = itemsIfList();
    if (items.isEmpty()) {
      throw fields.fault("items", "is no list with an item in it");
    }
    List<Item> read = new ArrayList<>(items.size());
    for (EventFields item : items) {
      int quantity = item.number("quantity", 1);
      read.add(
          new Item(item.textIfAny("sku"), item.text("name"), quantity, item.amount("unitPrice")));
    }
    return read;
  }

  private List<EventFields> itemsIfList() {
    try {
      return fields.list("items");
    } catch (InvalidEvent e) {
      return List.of();
    }
  }

  public Instant completedAt() {
    try {
      return Instant.parse(fields.text("completedAt"));
    } catch (DateTimeException e) {
      throw fields.fault("completedAt", "is no UTC time in ISO 8601");
    }
  }

  /**
   * The customer's id where there is a usable one, for filing what can't be used otherwise; also
   * from where the events about reversals have it.
   */
  public @Nullable String customerIdIfAny() {
    String id = customer.anyText("id");
    String usable = id == null ? fields.anyText("customerId") : id;
    return usable != null && CUSTOMER_ID.matcher(usable).matches() ? usable : null;
  }

  /** The order's id where there is a usable one, for filing what can't be used otherwise. */
  public @Nullable UUID orderIdIfAny() {
    try {
      return orderId();
    } catch (InvalidEvent e) {
      return null;
    }
  }

  private List<Amount> amounts(String field) {
    return fields.list(field).stream()
        .map(each -> new Amount(each.text("label"), each.amount("amount")))
        .toList();
  }

  private static BigDecimal sum(List<Amount> amounts) {
    return amounts.stream().map(Amount::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
