package orderflow.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.reversal.ReversalKind;
import orderflow.reversal.ReversalReader;
import orderflow.reversal.ReversalRequest;

/** A way to take an order back, with the form that asks for it. Named as the API's calls are. */
enum ReversalForm {
  CANCEL(ReversalKind.CANCEL, ReversalReader::cancel),
  RETURNS(ReversalKind.RETURN, ReversalReader::giveBack),
  GOODWILL(ReversalKind.GOODWILL, ReversalReader::goodwill);

  private final ReversalKind kind;
  private final Function<JsonNode, ReversalRequest> reader;

  ReversalForm(ReversalKind kind, Function<JsonNode, ReversalRequest> reader) {
    this.kind = kind;
    this.reader = reader;
  }

  static ReversalForm of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  ReversalKind kind() {
    return kind;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  ApiCall call() {
    return ApiCall.post("/api/orders/{orderId}/" + word());
  }

  /** The body that the API would be sent. What was not chosen is left to the API. */
  ObjectNode body(Form form, int items) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (kind == ReversalKind.GOODWILL) {
      Form.putText(body, "amount", form.get("amount"));
      Form.putText(body, "why", form.get("why"));
      Form.putText(body, "points", form.get("points"));
      return body;
    }
    if (kind == ReversalKind.RETURN) {
      putItems(body, form, items);
    }
    for (String name : List.of("reason", "note", "couponPolicy", "belowMinimum", "shortfall")) {
      Form.putText(body, name, form.get(name));
    }
    if (!form.get("charges").isEmpty()) {
      body.put("charges", "REFUND");
    }
    if (!form.get("refundAmount").isBlank() || !form.get("refundWhy").isBlank()) {
      ObjectNode refund = body.putObject("refund");
      Form.putText(refund, "amount", form.get("refundAmount"));
      Form.putText(refund, "why", form.get("refundWhy"));
    }
    if (form.get("notify").isEmpty()) {
      body.put("notify", false);
    }
    return body;
  }

  private static void putItems(ObjectNode body, Form form, int items) {
    if (!form.get("rest").isEmpty()) {
      body.put("items", "REST");
      return;
    }
    ArrayNode returned = body.putArray("items");
    for (int position : positions(form, items)) {
      ObjectNode item = returned.addObject().put("position", position);
      Form.putNumber(item, "quantity", form.get("quantity-" + position));
    }
  }

  /** The positions of which something is to be returned. */
  private static List<Integer> positions(Form form, int items) {
    List<Integer> positions = new ArrayList<>();
    for (int position = 0; position < items; position++) {
      if (!form.get("quantity-" + position).strip().matches("0*")) {
        positions.add(position);
      }
    }
    return positions;
  }

  /**
   * What the form asks for.
   *
   * @throws ValidationException with all that is wrong, by the API's places
   */
  ReversalRequest request(JsonNode body) {
    return reader.apply(body);
  }

  /** Says what is wrong beside the fields that it is wrong in. */
  void note(Visit visit, ValidationException invalid, int items) {
    for (Violation fault : invalid.faults()) {
      String place = fault.pointer();
      if (place.equals("/items")) {
        visit.fault("quantity-0", visit.text("return-nothing"));
      } else if (place.startsWith("/items/")) {
        int index = Integer.parseInt(place.split("/", -1)[2]);
        int position = positions(visit.form(), items).get(index);
        visit.fault("quantity-" + position, visit.label("quantity") + ": " + fault.detail());
      } else {
        String field =
            switch (place) {
              case "/refund/amount" -> "refundAmount";
              case "/refund/why" -> "refundWhy";
              default -> place.substring(1);
            };
        visit.fault(field, visit.label(field) + ": " + fault.detail());
      }
    }
  }
}
