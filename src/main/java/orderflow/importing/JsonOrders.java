package orderflow.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import orderflow.json.BoundedTrees;
import orderflow.json.Fault;
import org.jspecify.annotations.Nullable;

/** Each row is an order, the body of {@code POST /api/orders} with its {@code orderRef}. */
final class JsonOrders implements OrderSource {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedTrees())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Rows rows;

  JsonOrders(Rows rows) {
    this.rows = rows;
  }

  @Override
  public @Nullable Candidate next() throws IOException {
    Row row = rows.next();
    while (row != null && isBlank(row)) {
      row = rows.next();
    }
    return row == null ? null : candidate(row);
  }

  private static Candidate candidate(Row row) {
    if (row.tooLong()) {
      return refused(row, "is longer than " + Row.LONGEST + " bytes");
    }
    try {
      JsonNode order = JSON.readTree(row.text());
      if (order instanceof ObjectNode fields) {
        fields.remove(names(fields).stream().filter(name -> name.startsWith("_")).toList());
      }
      return new Candidate(List.of(row), order, List.of(), false);
    } catch (JsonProcessingException e) {
      return refused(row, "is no JSON: " + fault(e));
    }
  }

  /** What is wrong with JSON, in Jackson's words where they are of use. */
  static String fault(JsonProcessingException e) {
    return e instanceof JsonEOFException
        ? "it ends too early"
        : e.getOriginalMessage().lines().findFirst().orElse("");
  }

  private static Candidate refused(Row row, String why) {
    return new Candidate(List.of(row), null, List.of(new Fault("", why)), false);
  }

  @Override
  public byte[] rejectedHeader() {
    return new byte[0];
  }

  /**
   * Line ends within an order of a list become blanks; what ends like no object is given back as a
   * text.
   */
  @Override
  public byte[] rejected(Row row, String error) {
    String text = row.text().replaceAll("[\r\n]", " ").strip();
    String added =
        "\"_line\":" + row.line() + ",\"_error\":" + JSON.getNodeFactory().textNode(error) + "}";
    String given;
    if (text.startsWith("{") && text.endsWith("}")) {
      String fields = withoutAdded(text.substring(0, text.length() - 1));
      given = fields + (fields.strip().equals("{") ? "" : ",") + added;
    } else {
      given = "{\"_text\":" + JSON.getNodeFactory().textNode(text) + "," + added;
    }
    return (given + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A refused row that is refused again bears its new fault only. */
  private static String withoutAdded(String fields) {
    int added = fields.lastIndexOf("\"_line\":");
    if (added < 0) {
      return fields;
    }
    String head = fields.substring(0, added).stripTrailing();
    head = head.endsWith(",") ? head.substring(0, head.length() - 1) : head;
    try {
      ObjectNode all = (ObjectNode) JSON.readTree(fields + "}");
      all.remove(List.of("_line", "_error"));
      return JSON.readTree(head + "}").equals(all) ? head : fields;
    } catch (JsonProcessingException e) {
      return fields;
    }
  }

  private static List<String> names(ObjectNode fields) {
    List<String> names = new ArrayList<>();
    fields.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static boolean isBlank(Row row) {
    for (byte b : row.bytes()) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
