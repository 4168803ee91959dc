package orderflow.platform.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object being read field by field. What is wrong is noted rather than thrown, and a reader
 * goes on with null; {@link #check()} reports all of it at the end.
 */
public final class JsonObjectReader {

  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  private static final int LONGEST_DECIMAL = 40;

  /** More faults than the rows of the longest order can have; the rest is not noted. */
  private static final int MOST_FAULTS = 2_000;

  private final JsonNode node;
  private final String pointer;
  private final List<Violation> faults;

  private JsonObjectReader(
      JsonNode node, String pointer, List<Violation> faults, Set<String> known) {
    this.node = node;
    this.pointer = pointer;
    this.faults = faults;
    if (!node.isObject()) {
      note(pointer, "must be an object");
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        fault(name, "is not a known field");
      }
    }
  }

  /** Begins to read a whole body that may have these fields and no others. */
  public static JsonObjectReader of(JsonNode root, Set<String> known) {
    return new JsonObjectReader(root, "", new ArrayList<>(), known);
  }

  /**
   * Ends the reading.
   *
   * @throws ValidationException if anything was wrong, here or in an object within
   */
  public void check() {
    if (!faults.isEmpty()) {
      throw new ValidationException(faults);
    }
  }

  /** Whether a field is there and not null. */
  public boolean has(String field) {
    return present(field) != null;
  }

  /** Notes a fault of a field. */
  public void fault(String field, String detail) {
    if (faults.size() < MOST_FAULTS) {
      note(pointer + "/" + field.replace("~", "~0").replace("/", "~1"), detail);
    }
  }

  private void note(String where, String detail) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(new Violation(where, detail));
    }
  }

  /** An object that must be there. */
  public <T> @Nullable T object(
      String field, Set<String> known, Function<JsonObjectReader, @Nullable T> reader) {
    JsonNode value = required(field);
    if (value == null) {
      return null;
    }
    JsonObjectReader inner = new JsonObjectReader(value, pointer + "/" + field, faults, known);
    return value.isObject() ? reader.apply(inner) : null;
  }

  /**
   * A list of objects that must be there, of 1 to {@code most}; what is wrong in one is left out of
   * the result.
   */
  public <T> List<T> objects(
      String field, int most, Set<String> known, Function<JsonObjectReader, @Nullable T> reader) {
    JsonNode value = required(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty() || value.size() > most) {
      fault(field, "must be a list of 1 to " + most);
      return List.of();
    }
    List<T> read = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      JsonObjectReader inner =
          new JsonObjectReader(value.get(i), pointer + "/" + field + "/" + i, faults, known);
      T element = value.get(i).isObject() ? reader.apply(inner) : null;
      if (element != null) {
        read.add(element);
      }
    }
    return read;
  }

  /** A list of at most {@code most} objects, which may be missing, null or empty. */
  public <T> List<T> optionalObjects(
      String field, int most, Set<String> known, Function<JsonObjectReader, @Nullable T> reader) {
    JsonNode value = node.get(field);
    boolean isAbsent = isAbsent(value) || value != null && value.isArray() && value.isEmpty();
    return isAbsent ? List.of() : objects(field, most, known, reader);
  }

  /** A text that must be there. */
  public @Nullable String text(String field, TextRule rule) {
    JsonNode value = required(field);
    return value == null ? null : text(field, value, rule);
  }

  /** A text that may be missing or null. */
  public @Nullable String optionalText(String field, TextRule rule) {
    JsonNode value = present(field);
    return value == null ? null : text(field, value, rule);
  }

  /** A text that may be missing, null or empty, which all mean that there is none. */
  public @Nullable String textOrAbsent(String field, TextRule rule) {
    JsonNode value = node.get(field);
    return value == null || isAbsent(value) ? null : text(field, value, rule);
  }

  /** A text without the blanks at its ends, of which nothing may be left. */
  public @Nullable String trimmedOrAbsent(String field, TextRule rule) {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      return textOrAbsent(field, rule);
    }
    String text = trimmed(value.textValue());
    return text.isEmpty() ? null : text(field, TextNode.valueOf(text), rule);
  }

  private static boolean isAbsent(@Nullable JsonNode value) {
    return value == null || value.isNull() || value.isTextual() && value.textValue().isEmpty();
  }

  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (start < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** In any script. */
  private static boolean isBlank(char c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  /** A whole number that must be there, as a JSON number. */
  public @Nullable Integer integer(String field, int least, int most) {
    JsonNode value = required(field);
    return value == null ? null : integer(field, value, least, most);
  }

  /** A whole number that may be missing or null. */
  public @Nullable Integer optionalInteger(String field, int least, int most) {
    JsonNode value = present(field);
    return value == null ? null : integer(field, value, least, most);
  }

  /** A decimal that must be there, as a string or a JSON number; its digits as they were sent. */
  public @Nullable BigDecimal decimal(String field) {
    JsonNode value = required(field);
    return value == null ? null : decimal(field, value);
  }

  /** A decimal that may be missing or null. */
  public @Nullable BigDecimal optionalDecimal(String field) {
    JsonNode value = present(field);
    return value == null ? null : decimal(field, value);
  }

  private @Nullable JsonNode required(String field) {
    JsonNode value = present(field);
    if (value == null && node.isObject()) {
      fault(field, "is required");
    }
    return value;
  }

  private @Nullable JsonNode present(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private @Nullable String text(String field, JsonNode value, TextRule rule) {
    if (value.isTextual() && rule.allows(value.textValue())) {
      return value.textValue();
    }
    fault(field, rule.words());
    return null;
  }

  private @Nullable Integer integer(String field, JsonNode value, int least, int most) {
    if (value.isNumber() && isWhole(value)) {
      BigDecimal number = value.decimalValue();
      if (number.compareTo(BigDecimal.valueOf(least)) >= 0
          && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
        return number.intValue();
      }
    }
    fault(field, "must be a whole number from " + least + " to " + most);
    return null;
  }

  /** JSON Schema's integer: 2.0 is one. A huge exponent is kept from being written out. */
  private static boolean isWhole(JsonNode value) {
    if (value.isIntegralNumber()) {
      return true;
    }
    BigDecimal number = value.decimalValue();
    return Math.abs(number.scale()) <= LONGEST_DECIMAL && number.stripTrailingZeros().scale() <= 0;
  }

  private @Nullable BigDecimal decimal(String field, JsonNode value) {
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      if (Math.abs(number.scale()) <= LONGEST_DECIMAL && number.precision() <= LONGEST_DECIMAL) {
        return number;
      }
    } else if (value.isTextual()
        && value.textValue().length() <= LONGEST_DECIMAL
        && DECIMAL.matcher(value.textValue()).matches()) {
      return new BigDecimal(value.textValue());
    }
    fault(field, "must be a decimal such as \"12.50\"");
    return null;
  }
}
