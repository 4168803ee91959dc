package orderflow.consumer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import orderflow.platform.json.BoundedNumbers;
import org.jspecify.annotations.Nullable;

/**
 * An event's JSON read tolerantly: unknown fields are ignored, null and "" mean that a field is
 * absent, and a field is asked for only by those that need it, so that a fault in it is theirs
 * alone. Each field throws {@link InvalidEvent} if it can't be used.
 */
public final class EventFields {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedNumbers())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern TYPE =
      Pattern.compile(Pattern.quote(CloudEvents.type("")) + "(.+?)\\.v(\\d+)");

  private static final BigDecimal LARGEST_AMOUNT = BigDecimal.valueOf(Long.MAX_VALUE);

  /** What a schema registry puts before the value: a zero byte and the schema's id. */
  private static final int REGISTRY_PREFIX = 5;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final JsonNode tree;
  private final String place;
  private final @Nullable String id;

  private EventFields(JsonNode tree, String place, @Nullable String id) {
    this.tree = tree;
    this.place = place;
    this.id = id;
  }

  /**
   * Reads a record's value. A structured CloudEvent is read by its data.
   *
   * @param type the topic's
   * @throws InvalidEvent if it is a tombstone, not a JSON object, or says that it is another event
   */
  static EventFields parse(EventType type, byte @Nullable [] value) {
    try {
      JsonNode tree = JSON.readTree(text(value));
      JsonNode event = unwrapped(tree);
      if (!event.isObject()) {
        throw new InvalidEvent("is no JSON object");
      }
      if (event == tree) {
        return new EventFields(tree, "", null);
      }
      requireType(type, tree.path("type").asText());
      return new EventFields(event, "", tree.path("id").textValue());
    } catch (JacksonException e) {
      throw new InvalidEvent("is no JSON");
    }
  }

  /** A record's value as JSON, without what it is wrapped in. */
  static JsonNode tree(byte[] value) throws JacksonException {
    return unwrapped(JSON.readTree(text(value)));
  }

  /**
   * The data of a structured CloudEvent, which may be in Base64; any other tree as it is. One is
   * recognised by its shape, not by its header: the mail queue keeps the text alone.
   *
   * @throws InvalidEvent if the data can't be decoded
   */
  private static JsonNode unwrapped(JsonNode tree) throws JacksonException {
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
  static String text(byte @Nullable [] value) {
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
   * Refuses the event of a later major version, whose fields may mean something else, and one of
   * ours that belongs to another topic. Any other type is another system's own affair.
   *
   * @param named a CloudEvent's
   */
  static void requireType(EventType type, String named) {
    Matcher parts = TYPE.matcher(named);
    if (!parts.lookingAt()) {
      return;
    }
    String topic = parts.group(1);
    if (topic.equals(type.topic())) {
      if (!parts.group(2).equals("1")) {
        throw new InvalidEvent(
            "is an event of version " + parts.group(2) + ", and only 1 is known");
      }
    } else if (EventType.of(topic).isPresent()) {
      throw new InvalidEvent("is an event of " + topic + ", not of " + type.topic());
    }
  }

  /** The event as JSON, without what it was wrapped in. */
  String json() {
    return tree.toString();
  }

  /** A structured CloudEvent's id; null where there is none. */
  public @Nullable String id() {
    return id;
  }

  public boolean has(String field) {
    return isThere(tree.path(field));
  }

  public String text(String field) {
    JsonNode node = tree.path(field);
    if (!isThere(node)) {
      throw fault(field, "is missing");
    }
    if (!node.isTextual()) {
      throw fault(field, "is no text");
    }
    if (node.textValue().indexOf('\0') >= 0) {
      throw fault(field, "holds a NUL character");
    }
    return node.textValue();
  }

  public @Nullable String textIfAny(String field) {
    return has(field) ? text(field) : null;
  }

  /** Whether the field is this text. */
  public boolean isText(String field, String text) {
    return text.equals(anyText(field));
  }

  /** The field's text whatever it may hold; null if it is none. */
  @Nullable String anyText(String field) {
    return tree.path(field).textValue();
  }

  public UUID uuid(String field) {
    String text = text(field);
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // said below, as of one that is only nearly a UUID
    }
    throw fault(field, "is no UUID");
  }

  public Currency currency(String field) {
    try {
      return Currency.getInstance(text(field));
    } catch (IllegalArgumentException e) {
      throw fault(field, "is no ISO 4217 code");
    }
  }

  /** A text that must match as a whole. */
  public String text(String field, Pattern allowed, String otherwise) {
    String text = text(field);
    if (!allowed.matcher(text).matches()) {
      throw fault(field, otherwise);
    }
    return text;
  }

  public BigDecimal amount(String field) {
    JsonNode node = tree.path(field);
    if (!isThere(node)) {
      throw fault(field, "is missing");
    }
    BigDecimal amount = null;
    if (node.isNumber()) {
      amount = node.decimalValue();
    } else if (node.isTextual() && node.textValue().length() <= 40) {
      try {
        amount = new BigDecimal(node.textValue());
      } catch (NumberFormatException e) {
        // said below
      }
    }
    if (amount == null) {
      throw fault(field, "is no decimal");
    }
    if (amount.signum() < 0) {
      throw fault(field, "is negative");
    }
    if (amount.compareTo(LARGEST_AMOUNT) > 0 || amount.scale() > 20) {
      throw fault(field, "is out of range");
    }
    return amount;
  }

  /** A whole number of at least {@code least}, which is 0 or 1; 2.0 is one. */
  public int number(String field, int least) {
    JsonNode node = tree.path(field);
    BigDecimal number = node.isNumber() ? node.decimalValue() : BigDecimal.valueOf(-1);
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
        || number.stripTrailingZeros().scale() > 0) {
      throw fault(field, "is no whole number " + (least == 0 ? "of at least 0" : "above 0"));
    }
    return number.intValue();
  }

  /** An object's fields; none of them is there if it is no object. */
  public EventFields object(String field) {
    return new EventFields(tree.path(field), place + field + "/", null);
  }

  /** A list's objects; empty if the list is absent. */
  public List<EventFields> list(String field) {
    JsonNode node = tree.path(field);
    if (isThere(node) && !node.isArray()) {
      throw fault(field, "is no list");
    }
    List<EventFields> elements = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      elements.add(new EventFields(node.get(i), place + field + "/" + i + "/", null));
    }
    return elements;
  }

  /** What is wrong with a field. */
  public InvalidEvent fault(String field, String what) {
    return new InvalidEvent(place + field + " " + what);
  }

  private static boolean isThere(JsonNode node) {
    return !node.isMissingNode()
        && !node.isNull()
        && !(node.isTextual() && node.textValue().isEmpty());
  }
}
