package orderflow.consumer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.order.Amount;
import orderflow.order.Item;
import orderflow.order.OrderNumbers;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import orderflow.platform.json.BoundedNumbers;
import org.jspecify.annotations.Nullable;

/**
 * An OrderCompletedEvent read tolerantly: unknown fields are ignored, null and "" mean that an
 * optional field is absent, and a field is asked for only by those that need it, so that a fault in
 * it is theirs alone.
 */
public final class OrderEvent {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedNumbers())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern CUSTOMER_ID = Pattern.compile("[!-~]{1,255}");
  private static final Pattern COUPON_CODE = Pattern.compile("[^\\p{Z}\\p{C}]{1,64}");
  private static final Pattern TYPE =
      Pattern.compile(
          Pattern.quote(CloudEvents.type(EventType.ORDER_COMPLETED.topic())) + "\\.v(\\d+).*");
  private static final int LONGEST_PHONE = 40;
  private static final BigDecimal LARGEST_AMOUNT = BigDecimal.valueOf(Long.MAX_VALUE);

  /** What a schema registry puts before the value: a zero byte and the schema's id. */
  private static final int REGISTRY_PREFIX = 5;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final JsonNode tree;

  private OrderEvent(JsonNode tree) {
    this.tree = tree;
  }

  /**
   * Reads a record's value. A structured CloudEvent is read by its data.
   *
   * @throws InvalidEvent if it is a tombstone or not a JSON object
   */
  public static OrderEvent parse(byte @Nullable [] value) {
    try {
      JsonNode tree = JSON.readTree(text(value));
      JsonNode event = unwrapped(tree);
      if (!event.isObject()) {
        throw new InvalidEvent("is no JSON object");
      }
      if (event != tree) {
        requireKnownVersion(tree.path("type").asText());
      }
      return new OrderEvent(event);
    } catch (JacksonException e) {
      throw new InvalidEvent("is no JSON");
    }
  }

  /**
   * The data of a structured CloudEvent, which may be in Base64; any other tree as it is. One is
   * recognised by its shape, not by its header: the mail queue keeps the text alone.
   *
   * @throws InvalidEvent if the data can't be decoded
   */
  public static JsonNode unwrapped(JsonNode tree) throws JacksonException {
    if (tree.has("orderId")) {
      return tree;
    }
    JsonNode data = tree.path("data");
    if (data.isObject()) {
      return data;
    }
    JsonNode encoded = tree.path("data_base64");
    return encoded.isTextual() ? JSON.readTree(text(decoded(encoded.textValue()))) : tree;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new InvalidEvent("data_base64 is no Base64");
    }
  }

  /**
   * A record's value as text, without a schema registry's prefix and without a byte order mark. The
   * bytes are decoded here and not by Jackson, which guesses an encoding from the first four of
   * them: a registry's prefix looks like UTF-32.
   *
   * @throws InvalidEvent if it is a tombstone or not in UTF-8
   */
  public static String text(byte @Nullable [] value) {
    if (value == null) {
      throw new InvalidEvent("is a tombstone, not an event");
    }
    int start = value.length > REGISTRY_PREFIX && value[0] == 0 ? REGISTRY_PREFIX : 0;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(value, start, value.length - start))
              .toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidEvent("is no JSON in UTF-8");
    }
  }

  /**
   * Refuses the event of a later major version, whose fields may mean something else. Any other
   * type is another system's own affair.
   *
   * @param type a CloudEvent's
   */
  static void requireKnownVersion(String type) {
    Matcher version = TYPE.matcher(type);
    if (version.matches() && !version.group(1).equals("1")) {
      throw new InvalidEvent(
          "is an event of version " + version.group(1) + ", and only 1 is known");
    }
  }

  /** The event as JSON, without what it was wrapped in. */
  public String json() {
    return tree.toString();
  }

  public UUID orderId() {
    String text = text("orderId", tree.path("orderId"));
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // told below, like one that is only nearly a UUID
    }
    throw new InvalidEvent("orderId is no UUID");
  }

  public String customerId() {
    String id = text("customer/id", customer().path("id"));
    if (!CUSTOMER_ID.matcher(id).matches()) {
      throw new InvalidEvent("customer/id is no id of 1 to 255 visible ASCII characters");
    }
    return id;
  }

  /** Where to write to; null if the customer gets no mail. */
  public @Nullable String customerEmail() {
    JsonNode email = customer().path("email");
    return isThere(email) ? text("customer/email", email) : null;
  }

  /** The customer's name; empty if it is not known. */
  public String customerName() {
    JsonNode name = customer().path("name");
    return isThere(name) ? text("customer/name", name) : "";
  }

  /**
   * The customer's phone number; null where there is none. One that is not usable is read as none,
   * because nothing depends on it.
   */
  public @Nullable String customerPhone() {
    String phone = customer().path("phone").textValue();
    return phone == null || phone.isBlank() || phone.length() > LONGEST_PHONE ? null : phone;
  }

  /** The customer's language, a BCP 47 tag; {@code en} where there is none. */
  public String customerLocale() {
    JsonNode locale = customer().path("locale");
    return isThere(locale) ? text("customer/locale", locale) : "en";
  }

  public Currency currency() {
    try {
      return Currency.getInstance(text("currency", tree.path("currency")));
    } catch (IllegalArgumentException e) {
      throw new InvalidEvent("currency is no ISO 4217 code");
    }
  }

  public BigDecimal subtotal() {
    return amount("subtotal", tree.path("subtotal"));
  }

  public BigDecimal discount() {
    return amount("discount", tree.path("discount"));
  }

  public BigDecimal total() {
    return amount("total", tree.path("total"));
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
        isThere(tree.path("subtotal")) && isThere(tree.path("discount"))
            ? subtotal().subtract(discount())
            : total.subtract(sum(charges()));
    return goods.max(BigDecimal.ZERO);
  }

  /** The number that people know the order by. */
  public String orderNumber() {
    JsonNode number = tree.path("orderNumber");
    return isThere(number) ? text("orderNumber", number) : OrderNumbers.of(orderId());
  }

  public @Nullable String couponCode() {
    JsonNode code = tree.path("couponCode");
    if (!isThere(code)) {
      return null;
    }
    String text = text("couponCode", code);
    if (!COUPON_CODE.matcher(text).matches()) {
      throw new InvalidEvent(
          "couponCode is no code of 1 to 64 printable characters without blanks");
    }
    return text;
  }

  public List<Item> items() {
    JsonNode items = tree.path("items");
    if (!items.isArray() || items.isEmpty()) {
      throw new InvalidEvent("items is no list with an item in it");
    }
    List<Item> read = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      String at = "items/" + i;
      JsonNode item = items.get(i);
      JsonNode quantity = item.path("quantity");
      if (!quantity.isIntegralNumber() || !quantity.canConvertToInt() || quantity.intValue() < 1) {
        throw new InvalidEvent(at + "/quantity is no whole number above 0");
      }
      read.add(
          new Item(
              isThere(item.path("sku")) ? text(at + "/sku", item.path("sku")) : null,
              text(at + "/name", item.path("name")),
              quantity.intValue(),
              amount(at + "/unitPrice", item.path("unitPrice"))));
    }
    return read;
  }

  public Instant completedAt() {
    try {
      return Instant.parse(text("completedAt", tree.path("completedAt")));
    } catch (DateTimeException e) {
      throw new InvalidEvent("completedAt is no UTC time in ISO 8601");
    }
  }

  /** The customer's id where there is a usable one, for filing what can't be used otherwise. */
  public @Nullable String customerIdIfAny() {
    JsonNode id = customer().path("id");
    return id.isTextual() && CUSTOMER_ID.matcher(id.textValue()).matches() ? id.textValue() : null;
  }

  /** The order's id where there is a usable one, for filing what can't be used otherwise. */
  public @Nullable UUID orderIdIfAny() {
    try {
      return orderId();
    } catch (InvalidEvent e) {
      return null;
    }
  }

  private JsonNode customer() {
    return tree.path("customer");
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode()
        && !node.isNull()
        && !(node.isTextual() && node.textValue().isEmpty());
  }

  private static String text(String place, JsonNode node) {
    if (!isThere(node)) {
      throw new InvalidEvent(place + " is missing");
    }
    if (!node.isTextual()) {
      throw new InvalidEvent(place + " is no text");
    }
    if (node.textValue().indexOf('\0') >= 0) {
      throw new InvalidEvent(place + " holds a NUL character");
    }
    return node.textValue();
  }

  private List<Amount> amounts(String field) {
    JsonNode amounts = tree.path(field);
    if (!isThere(amounts)) {
      return List.of();
    }
    if (!amounts.isArray()) {
      throw new InvalidEvent(field + " is no list");
    }
    List<Amount> read = new ArrayList<>(amounts.size());
    for (int i = 0; i < amounts.size(); i++) {
      String at = field + "/" + i;
      JsonNode each = amounts.get(i);
      read.add(
          new Amount(
              text(at + "/label", each.path("label")),
              amount(at + "/amount", each.path("amount"))));
    }
    return read;
  }

  private static BigDecimal sum(List<Amount> amounts) {
    return amounts.stream().map(Amount::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal amount(String place, JsonNode node) {
    if (!isThere(node)) {
      throw new InvalidEvent(place + " is missing");
    }
    BigDecimal amount = null;
    if (node.isNumber()) {
      amount = node.decimalValue();
    } else if (node.isTextual() && node.textValue().length() <= 40) {
      try {
        amount = new BigDecimal(node.textValue());
      } catch (NumberFormatException e) {
        // told below
      }
    }
    if (amount == null) {
      throw new InvalidEvent(place + " is no decimal");
    }
    if (amount.signum() < 0) {
      throw new InvalidEvent(place + " is negative");
    }
    if (amount.compareTo(LARGEST_AMOUNT) > 0 || amount.scale() > 20) {
      throw new InvalidEvent(place + " is out of range");
    }
    return amount;
  }
}
