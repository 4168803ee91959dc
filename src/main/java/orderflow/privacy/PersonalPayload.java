package orderflow.privacy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderEvent;
import org.jspecify.annotations.Nullable;

/** A record's value, which may name a person, and may be anything. */
@SuppressWarnings("ArrayRecordComponent")
public record PersonalPayload(byte @Nullable [] bytes, @Nullable ObjectNode event) {

  /** What is kept of an event. What others have added may be personal. */
  private static final List<String> KEPT =
      List.of(
          "orderId",
          "orderNumber",
          "customer",
          "customerId",
          "currency",
          "items",
          "subtotal",
          "discount",
          "total",
          "couponCode",
          "discounts",
          "charges",
          "completedAt",
          "points",
          "earnedAt",
          "usedAt",
          "reversalId",
          "refund",
          "reason",
          "remaining",
          "status",
          "coupon",
          "cancelledAt",
          "returnedAt",
          "entryId",
          "kind",
          "available",
          "pending",
          "debt",
          "at",
          "outcome",
          "reissuedCode",
          "releasedAt");

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s\"'<>@,;:]{1,64}+@[^\\s\"'<>@,;:]{1,255}+");

  /**
   * Reads a value as consumers do: behind a registry's prefix, and a structured event by its data.
   */
  public static PersonalPayload of(byte @Nullable [] bytes) {
    try {
      if (bytes != null && OrderEvent.tree(bytes) instanceof ObjectNode event) {
        return new PersonalPayload(bytes, event);
      }
    } catch (JacksonException | InvalidEvent e) {
      // it is no event
    }
    return new PersonalPayload(bytes, null);
  }

  /** The address in the place where an order's event has it. */
  public Optional<String> address() {
    return Optional.ofNullable(text("/customer/email"));
  }

  /** When its order was completed; null if it does not say. */
  public @Nullable Instant completedAt() {
    String text = text("/completedAt");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The id of the customer that it names; null if it names none. */
  public @Nullable String customerId() {
    String id = text("/customer/id");
    return id == null ? text("/customerId") : id;
  }

  /**
   * Whether it is about this customer: an event that names its customer is theirs; anything else
   * belongs to the customer whose id is its key, or whose address it holds.
   */
  public boolean isOf(String customerId, boolean byKeyOrAddress) {
    String id = customerId();
    return id == null ? byKeyOrAddress : id.equals(customerId);
  }

  /**
   * The event without what is personal; nothing of what is no event of an order, because that may
   * be anywhere in it.
   *
   * @param place keeps values apart of which nothing else is left, as a unique index demands
   * @param marked whether events bear it too: where the index has nothing else to tell them apart
   */
  public byte @Nullable [] blanked(String place, boolean marked) {
    if (bytes == null) {
      return null;
    }
    if (event == null || text("/orderId") == null) {
      return ("{\"erased\":\"" + place + "\"}").getBytes(StandardCharsets.UTF_8);
    }
    ObjectNode kept = event.deepCopy().retain(KEPT);
    if (kept.get("customer") instanceof ObjectNode customer) {
      customer.retain(List.of("id", "locale"));
      customer.put("email", "").put("name", "");
    } else {
      kept.remove("customer");
    }
    if (marked) {
      kept.put("erased", place);
    }
    return kept.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A text without the e-mail addresses in it. */
  public static String withoutAddresses(String text) {
    return ADDRESS.matcher(text).replaceAll("***@***");
  }

  private @Nullable String text(String pointer) {
    return event == null ? null : event.at(pointer).textValue();
  }
}
