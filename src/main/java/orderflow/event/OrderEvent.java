package orderflow.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import orderflow.json.BoundedNumbers;
import orderflow.order.Item;
import org.jspecify.annotations.Nullable;

/**
 * An OrderCompletedEvent read tolerantly: unknown fields are ignored, and a field is asked for only
 * by those that need it, so that a fault in it is theirs alone.
 */
public final class OrderEvent {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedNumbers())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final BigDecimal LARGEST_AMOUNT = BigDecimal.valueOf(Long.MAX_VALUE);

  private final JsonNode tree;

  private OrderEvent(JsonNode tree) {
    this.tree = tree;
  }

  /**
   * Reads a record's value.
   *
   * @throws BadEvent if it is a tombstone or no JSON object
   */
  public static OrderEvent parse(byte @Nullable [] value) {
    if (value == null) {
      throw new BadEvent("is a tombstone, not an event");
    }
    try {
      JsonNode tree = JSON.readTree(value);
      if (!tree.isObject()) {
        throw new BadEvent("is no JSON object");
      }
      return new OrderEvent(tree);
    } catch (JacksonException e) {
      throw new BadEvent("is no JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    throw new BadEvent("orderId is no UUID");
  }

  public String customerId() {
    return id("customer/id", customer().path("id"));
  }

  public String customerEmail() {
    return text("customer/email", customer().path("email"));
  }

  public String customerName() {
    return text("customer/name", customer().path("name"));
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
      throw new BadEvent("currency is no ISO 4217 code");
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

  public @Nullable String couponCode() {
    JsonNode code = tree.path("couponCode");
    return isThere(code) ? id("couponCode", code) : null;
  }

  public List<Item> items() {
    JsonNode items = tree.path("items");
    if (!items.isArray() || items.isEmpty()) {
      throw new BadEvent("items is no list with an item in it");
    }
    List<Item> read = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      String at = "items/" + i;
      JsonNode item = items.get(i);
      JsonNode quantity = item.path("quantity");
      if (!quantity.isIntegralNumber() || !quantity.canConvertToInt() || quantity.intValue() < 1) {
        throw new BadEvent(at + "/quantity is no whole number above 0");
      }
      read.add(
          new Item(
              text(at + "/sku", item.path("sku")),
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
      throw new BadEvent("completedAt is no UTC time in ISO 8601");
    }
  }

  /** The customer's id where there is a usable one, for filing what can't be used otherwise. */
  public @Nullable String customerIdIfAny() {
    JsonNode id = customer().path("id");
    return id.isTextual() && ID.matcher(id.textValue()).matches() ? id.textValue() : null;
  }

  /** The order's id where there is a usable one, for filing what can't be used otherwise. */
  public @Nullable UUID orderIdIfAny() {
    try {
      return orderId();
    } catch (BadEvent e) {
      return null;
    }
  }

  private JsonNode customer() {
    return tree.path("customer");
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static String id(String place, JsonNode node) {
    String text = text(place, node);
    if (!ID.matcher(text).matches()) {
      throw new BadEvent(place + " is no id of 1 to 64 characters of A-Z a-z 0-9 . _ : -");
    }
    return text;
  }

  private static String text(String place, JsonNode node) {
    if (!isThere(node)) {
      throw new BadEvent(place + " is missing");
    }
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw new BadEvent(place + " is no text");
    }
    if (node.textValue().indexOf('\0') >= 0) {
      throw new BadEvent(place + " holds a NUL character");
    }
    return node.textValue();
  }

  private static BigDecimal amount(String place, JsonNode node) {
    if (!isThere(node)) {
      throw new BadEvent(place + " is missing");
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
      throw new BadEvent(place + " is no decimal");
    }
    if (amount.signum() < 0) {
      throw new BadEvent(place + " is negative");
    }
    if (amount.compareTo(LARGEST_AMOUNT) > 0 || amount.scale() > 20) {
      throw new BadEvent(place + " is out of range");
    }
    return amount;
  }
}
