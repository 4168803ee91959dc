package orderflow.privacy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import orderflow.json.BoundedNumbers;
import org.jspecify.annotations.Nullable;

/** A record's value, which may tell who somebody is, and may be anything. */
@SuppressWarnings("ArrayRecordComponent")
record PersonalPayload(byte @Nullable [] bytes, @Nullable ObjectNode event) {

  /** What is kept of an event. What others have added may be personal. */
  private static final List<String> KEPT =
      List.of(
          "orderId",
          "customer",
          "customerId",
          "currency",
          "items",
          "subtotal",
          "discount",
          "total",
          "couponCode",
          "completedAt",
          "points",
          "earnedAt",
          "usedAt");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedNumbers())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static PersonalPayload of(byte @Nullable [] bytes) {
    try {
      JsonNode tree = bytes == null ? null : JSON.readTree(bytes);
      return new PersonalPayload(bytes, tree instanceof ObjectNode event ? event : null);
    } catch (IOException e) {
      return new PersonalPayload(bytes, null);
    }
  }

  /** The address in the place where an order's event has it. */
  Optional<String> address() {
    return Optional.ofNullable(text("/customer/email"));
  }

  /**
   * Whether it is about this customer: an event that names its customer is theirs; anything else,
   * of whom its key or an address in it tells.
   */
  boolean isOf(String customerId, byte @Nullable [] key, Set<String> addresses) {
    String id = text("/customer/id");
    if (id == null) {
      id = text("/customerId");
    }
    if (id != null) {
      return id.equals(customerId);
    }
    String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(key, customerId.getBytes(StandardCharsets.UTF_8))
        || addresses.stream().anyMatch(text::contains);
  }

  /**
   * The event without what is personal; nothing of what is no event of an order, because that may
   * be anywhere in it.
   *
   * @param row tells values of which nothing is left from each other, as the table wants them
   */
  byte @Nullable [] blanked(long row) {
    if (bytes == null) {
      return null;
    }
    if (event == null || text("/orderId") == null) {
      return ("{\"erased\":\"" + row + "\"}").getBytes(StandardCharsets.UTF_8);
    }
    ObjectNode kept = event.deepCopy().retain(KEPT);
    if (kept.get("customer") instanceof ObjectNode customer) {
      customer.retain(List.of("id", "locale"));
      customer.put("email", "").put("name", "");
    } else {
      kept.remove("customer");
    }
    return kept.toString().getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable String text(String pointer) {
    return event == null ? null : event.at(pointer).textValue();
  }
}
