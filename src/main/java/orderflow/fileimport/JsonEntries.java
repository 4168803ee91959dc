package orderflow.fileimport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import orderflow.platform.json.BoundedTrees;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Each row is an entry: the body of the call of the API that does the same, with the names that
 * calls have elsewhere: {@code orderRef}, {@code returnRef}.
 */
final class JsonEntries implements EntrySource {

  /** Names and values of an order; one of the most items has a tenth of it. */
  private static final int MOST_TOKENS = 20_000;

  /** How much of a line that is no order is given back. */
  private static final int LONGEST_TEXT = 10_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .addModule(new BoundedTrees())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** What Jackson says to those who program with it. */
  private static final Pattern ADVICE =
      Pattern.compile(": enable `.*| \\(not recognized as one since .*");

  private final RowReader rows;
  private final FileSubject subject;

  JsonEntries(RowReader rows, FileSubject subject) {
    this.rows = rows;
    this.subject = subject;
  }

  @Override
  public @Nullable ParsedEntry next() throws IOException {
    SourceRow row = rows.next();
    while (row != null && isBlank(row)) {
      row = rows.next();
    }
    return row == null ? null : candidate(row);
  }

  private ParsedEntry candidate(SourceRow row) {
    if (row.tooLong()) {
      return refused(row, "is longer than " + SourceRow.LONGEST + " bytes");
    }
    try {
      JsonNode order = JSON.readTree(row.text());
      if (order instanceof ObjectNode fields) {
        fields.remove(names(fields).stream().filter(name -> name.startsWith("_")).toList());
      }
      return new ParsedEntry(List.of(row), order, List.of(), false);
    } catch (StreamConstraintsException e) {
      return refused(
          row, "has more values, or deeper or longer ones, than " + subject.one() + " may have");
    } catch (JsonProcessingException e) {
      return refused(row, "is no JSON: " + fault(e));
    } catch (UnreadableFile e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return refused(row, "can't be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** What is wrong with JSON, in Jackson's words where they are of use. */
  static String fault(JsonProcessingException e) {
    return e instanceof JsonEOFException
        ? "it ends too early"
        : ADVICE.matcher(e.getOriginalMessage().lines().findFirst().orElse("")).replaceFirst("");
  }

  private static ParsedEntry refused(SourceRow row, String why) {
    return new ParsedEntry(
        List.of(row), null, List.of(new RowFault(RowFault.ORDER, new Violation("", why))), false);
  }

  @Override
  public void close() throws IOException {
    rows.close();
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
  public byte[] rejected(SourceRow row, String error) {
    String added =
        "\"_line\":" + row.line() + ",\"_error\":" + JSON.getNodeFactory().textNode(error) + "}\n";
    byte[] bytes = row.bytes();
    int from = 0;
    int to = bytes.length;
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    while (from < to && isBlank(bytes[to - 1])) {
      to--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + added.length() + 100);
    if (to - from > 1 && bytes[from] == '{' && bytes[to - 1] == '}') {
      writeFields(out, row, from, to - 1);
    } else {
      String text =
          new String(bytes, from, Math.min(to - from, LONGEST_TEXT), StandardCharsets.UTF_8);
      write(out, "{\"_text\":" + JSON.getNodeFactory().textNode(onOneLine(text)) + ",");
    }
    write(out, added);
    return out.toByteArray();
  }

  /** What comes before the closing bracket, and a comma if there is anything. */
  private static void writeFields(ByteArrayOutputStream out, SourceRow row, int from, int to) {
    if (row.tooLong()) { // not made a text of, which takes several times its size
      for (int i = from; i < to; i++) {
        byte b = row.bytes()[i];
        out.write(b == '\r' || b == '\n' ? ' ' : b);
      }
      out.write(',');
      return;
    }
    String fields =
        withoutAdded(onOneLine(new String(row.bytes(), from, to - from, StandardCharsets.UTF_8)));
    write(out, fields + (fields.strip().equals("{") ? "" : ","));
  }

  private static String onOneLine(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
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

  private static boolean isBlank(SourceRow row) {
    for (byte b : row.bytes()) {
      if (!isBlank(b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
