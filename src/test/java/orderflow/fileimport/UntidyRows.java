package orderflow.fileimport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The same orders as rows, tidy and as spreadsheets and shops write them, both made of a seed: in
 * any dialect and charset, with blanks, blank rows and columns, shuffled columns, short rows, and
 * rows that go on with the order above.
 */
final class UntidyRows {

  private static final List<String> COLUMNS =
      List.of(
          "orderRef",
          "customerId",
          "customerEmail",
          "customerName",
          "customerPhone",
          "locale",
          "currency",
          "sku",
          "name",
          "quantity",
          "unitPrice",
          "couponCode");

  private static final Set<String> OF_ITEM = Set.of("sku", "name", "quantity", "unitPrice");

  private static final List<String> NAMES =
      List.of("김민지", "홍철", "Jane Doe", "O'Brien, \"JD\"", "키친카트; 큰 것", "A|B", "책\t칼", "=1+1", "-");

  private final Random random;
  private final List<Map<String, String>> rows = new ArrayList<>();

  UntidyRows(long seed, String run) {
    this.random = new Random(seed);
    int orders = 1 + random.nextInt(30);
    for (int i = 0; i < orders; i++) {
      Map<String, String> order = new LinkedHashMap<>();
      boolean won = random.nextBoolean();
      order.put("orderRef", run + "-" + seed + "-" + i);
      order.put("customerId", "c-" + random.nextInt(5));
      order.put("customerEmail", "c" + i + "@example.com");
      order.put("customerName", withoutTab(oneOf(NAMES)));
      order.put("customerPhone", random.nextInt(3) == 0 ? "010-1234" : "");
      order.put("locale", oneOf(List.of("", "ko", "en-US")));
      order.put("currency", won ? "KRW" : "USD");
      order.put("couponCode", "");
      int items = 1 + random.nextInt(4);
      for (int item = 0; item < items; item++) {
        Map<String, String> row = new LinkedHashMap<>(order);
        row.put("sku", "SKU-" + random.nextInt(100));
        row.put("name", withoutTab(oneOf(NAMES)));
        row.put("quantity", String.valueOf(1 + random.nextInt(99)));
        int cents = random.nextInt(100_000);
        row.put(
            "unitPrice",
            won
                ? String.valueOf(cents)
                : String.format(Locale.ROOT, "%d.%02d", cents / 100, cents % 100));
        rows.add(row);
      }
    }
  }

  /** With commas in UTF-8, a value in each field. */
  byte[] tidy() {
    StringBuilder text = new StringBuilder(String.join(",", COLUMNS) + "\n");
    for (Map<String, String> row : rows) {
      List<String> fields = COLUMNS.stream().map(column -> quoted(row.get(column))).toList();
      text.append(String.join(",", fields)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] untidy() {
    String delimiter = oneOf(List.of(",", ";", "\t", "|"));
    String lineEnd = oneOf(List.of("\n", "\r\n", "\r"));
    List<String> columns = new ArrayList<>(COLUMNS);
    Collections.shuffle(columns, random);
    if (random.nextBoolean()) {
      columns.add(random.nextInt(columns.size()), "_note");
    }
    int empty = random.nextInt(3);
    StringBuilder text = new StringBuilder();
    if (random.nextInt(4) == 0) {
      text.append("sep=").append(delimiter).append(lineEnd);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(blankRow(delimiter)).append(lineEnd);
    }
    List<String> header = columns.stream().map(this::renamed).toList();
    text.append(String.join(delimiter, header)).append(delimiter.repeat(empty)).append(lineEnd);
    String before = "";
    for (Map<String, String> row : rows) {
      boolean goesOn = row.get("orderRef").equals(before) && random.nextBoolean();
      boolean named = random.nextInt(3) == 0;
      before = row.get("orderRef");
      List<String> fields = new ArrayList<>();
      for (String column : columns) {
        boolean blank =
            goesOn && !OF_ITEM.contains(column) && !(named && column.equals("orderRef"));
        String value = blank ? "" : row.getOrDefault(column, "a note");
        if (column.equals("quantity") && random.nextBoolean()) {
          value += ".0";
        }
        if (column.equals("unitPrice") && value.indexOf('.') < 0 && random.nextBoolean()) {
          value += ".00";
        }
        fields.add(padded(value, delimiter));
      }
      if (goesOn && columns.contains("_note") && random.nextBoolean()) {
        fields.set(columns.indexOf("_note"), "");
      }
      if (random.nextBoolean()) {
        while (fields.get(fields.size() - 1).isBlank()) {
          fields.remove(fields.size() - 1);
        }
      }
      text.append(String.join(delimiter, fields)).append(lineEnd);
      if (random.nextInt(5) == 0) {
        text.append(blankRow(delimiter)).append(lineEnd);
      }
    }
    return encoded(text.toString());
  }

  private byte[] encoded(String text) {
    Charset charset =
        oneOf(
            List.of(
                StandardCharsets.UTF_8,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("windows-949")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (random.nextBoolean() && charset.name().startsWith("UTF")) {
      out.writeBytes("\uFEFF".getBytes(charset));
    }
    out.writeBytes(text.getBytes(charset));
    return out.toByteArray();
  }

  private String blankRow(String delimiter) {
    return oneOf(List.of("", "  ", delimiter.repeat(5), " " + delimiter + "\"\"" + delimiter));
  }

  private String renamed(String name) {
    if (name.startsWith("_")) {
      return name;
    }
    return switch (random.nextInt(6)) {
      case 0 -> name.toUpperCase(Locale.ROOT);
      case 1 -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      case 2 -> name.replaceAll("([A-Z])", "-$1");
      case 3 -> " " + name.replaceAll("([A-Z])", " $1") + " ";
      case 4 -> '"' + name + '"';
      default -> name;
    };
  }

  private String padded(String value, String delimiter) {
    boolean needed = value.contains(delimiter) || value.startsWith("\"") || value.contains("\"");
    String written = needed || random.nextInt(4) == 0 ? quoted(value) : value;
    return switch (random.nextInt(5)) {
      case 0 -> " " + written;
      case 1 -> written + "  ";
      default -> written;
    };
  }

  private static String quoted(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String withoutTab(String value) {
    return value.replace('\t', ' ');
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** The references of all orders. */
  Set<String> references() {
    Set<String> references = new HashSet<>();
    rows.forEach(row -> references.add(row.get("orderRef")));
    return references;
  }
}
