package orderflow.fileimport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import orderflow.order.OrderRules;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.TextRule;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.reversal.ReversalReader;
import orderflow.reversal.ReversalRequest;
import orderflow.reversal.ReversalRequest.ReturnedItem;
import org.jspecify.annotations.Nullable;

/**
 * A cancellation or return of a file: the body of the API's call, with the names of itself and of
 * its order.
 *
 * @param reference of itself
 * @param orderRef of its order, or else {@code orderId}; one of them is there
 * @param skus the articles of its items, in their order; null for one that has its position. An
 *     item that has an article alone has a position that no other item has, until the order is
 *     known
 * @param placeholders those positions
 */
record FileReversal(
    String reference,
    @Nullable String orderRef,
    @Nullable UUID orderId,
    ReversalRequest request,
    List<@Nullable String> skus,
    Set<Integer> placeholders) {

  private static final String RETURN_REF = "returnRef";
  private static final String ORDER_REF = "orderRef";
  private static final String ORDER_ID = "orderId";
  private static final Set<String> HEAD = Set.of(RETURN_REF, ORDER_REF, ORDER_ID);
  private static final TextRule UUID_RULE =
      new TextRule("must be an order's id", FileReversal::isUuid);

  /**
   * Reads a cancellation or return.
   *
   * @throws ValidationException with all faults
   */
  static FileReversal read(JsonNode json, FileSubject subject) {
    if (!(json instanceof ObjectNode object)) {
      throw new ValidationException(List.of(new Violation("", "must be an object")));
    }
    List<Violation> faults = new ArrayList<>();
    ObjectNode body = object.deepCopy();
    body.remove(HEAD);
    if (body.path("reason").asText("").isEmpty()) {
      body.put("reason", ReversalRequest.Reason.OTHER.name());
    }
    List<@Nullable String> skus = new ArrayList<>();
    Set<Integer> placeholders = new HashSet<>();
    if (subject == FileSubject.RETURNS && body.path("items") instanceof ArrayNode items) {
      takeSkus(items, skus, placeholders, faults);
    }
    Function<JsonNode, ReversalRequest> reader =
        subject == FileSubject.RETURNS ? ReversalReader::giveBack : ReversalReader::cancel;
    ReversalRequest request = ifFaultless(faults, () -> reader.apply(body));
    Head head = ifFaultless(faults, () -> head(object.deepCopy().retain(HEAD)));
    if (request == null || head == null || !faults.isEmpty()) {
      throw new ValidationException(faults);
    }
    return new FileReversal(
        head.reference, head.orderRef, head.orderId, request, skus, placeholders);
  }

  private record Head(String reference, @Nullable String orderRef, @Nullable UUID orderId) {}

  @SuppressWarnings("NullAway") // check() throws if the reference is null
  private static Head head(JsonNode json) {
    JsonObjectReader head = JsonObjectReader.of(json, HEAD);
    String reference = head.text(RETURN_REF, OrderRules.REFERENCE);
    String orderRef = head.textOrAbsent(ORDER_REF, OrderRules.REFERENCE);
    String orderId = head.textOrAbsent(ORDER_ID, UUID_RULE);
    if (json.path(ORDER_REF).asText("").isEmpty() && json.path(ORDER_ID).asText("").isEmpty()) {
      head.fault(ORDER_REF, "is required, or orderId");
    }
    head.check();
    return new Head(reference, orderRef, orderId == null ? null : UUID.fromString(orderId));
  }

  private static void takeSkus(
      ArrayNode items,
      List<@Nullable String> skus,
      Set<Integer> placeholders,
      List<Violation> faults) {
    Set<Integer> taken = new HashSet<>();
    items.forEach(item -> taken.add(item.path("position").asInt(-1)));
    int free = 0;
    for (int i = 0; i < items.size(); i++) {
      JsonNode sku = items.get(i).path("sku");
      skus.add(null);
      if (!(items.get(i) instanceof ObjectNode item)) {
        continue;
      }
      item.remove("sku");
      if (sku.isMissingNode() || sku.isNull() || sku.isTextual() && sku.textValue().isEmpty()) {
        if (item.path("position").isMissingNode() || item.path("position").isNull()) {
          faults.add(new Violation("/items/" + i + "/position", "is required, or sku"));
          item.put("position", 0); // so that nothing else is said of it
        }
      } else if (!sku.isTextual()) {
        faults.add(new Violation("/items/" + i + "/sku", "must be a string"));
      } else {
        skus.set(i, sku.textValue());
        if (item.path("position").isMissingNode() || item.path("position").isNull()) {
          while (taken.contains(free)) {
            free++;
          }
          taken.add(free);
          placeholders.add(free);
          item.put("position", free);
        }
      }
    }
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> @Nullable T ifFaultless(List<Violation> faults, Reading<T> reading) {
    try {
      return reading.read();
    } catch (ValidationException e) {
      faults.addAll(e.faults());
      return null;
    }
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean namesSkus() {
    return skus.stream().anyMatch(sku -> sku != null);
  }

  /**
   * The same for an order whose articles are known: each item by its position.
   *
   * @param articles by position; empty where there is none
   * @throws ValidationException if an article is none of the order's, or several of its items are
   *     of it
   */
  ReversalRequest of(List<String> articles) {
    List<ReturnedItem> items = request.items();
    if (items == null || !namesSkus()) {
      return request;
    }
    List<Violation> faults = new ArrayList<>();
    List<ReturnedItem> known = new ArrayList<>();
    Set<Integer> positions = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      ReturnedItem item = items.get(i);
      String sku = skus.get(i);
      int position = item.position();
      if (sku != null) {
        List<Integer> places = places(articles, sku);
        String fault = faultOf(sku, places, placeholders.contains(position) ? -1 : position);
        if (fault != null) {
          faults.add(new Violation("/items/" + i + "/sku", fault));
          continue;
        }
        position = placeholders.contains(position) ? places.get(0) : position;
      }
      if (!positions.add(position)) {
        faults.add(new Violation("/items/" + i, "names position " + position + " more than once"));
      }
      known.add(new ReturnedItem(position, item.quantity()));
    }
    if (!faults.isEmpty()) {
      throw new ValidationException(faults);
    }
    return request.withItems(known);
  }

  private static List<Integer> places(List<String> articles, String sku) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < articles.size(); i++) {
      if (articles.get(i).equals(sku)) {
        places.add(i);
      }
    }
    return places;
  }

  private static @Nullable String faultOf(String sku, List<Integer> places, int position) {
    if (places.isEmpty()) {
      return "is no article of the order";
    }
    if (position >= 0) {
      return places.contains(position) ? null : "is not the article at position " + position;
    }
    return places.size() == 1
        ? null
        : "is at several positions of the order, of which one must be given: "
            + String.join(", ", places.stream().map(String::valueOf).toList());
  }
}
