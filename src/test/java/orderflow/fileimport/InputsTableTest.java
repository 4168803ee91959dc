package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes each file of the table in docs/inputs.md, reads it, and holds the table to what comes. */
class InputsTableTest {

  private static final String HEADER =
      "orderRef,customerId,customerName,currency,sku,name,quantity,unitPrice\n";

  private static final String FIRST = "A-1,c-1,김민지,KRW,TS-1,셔츠,2,39000\n";
  private static final String SECOND = "A-2,c-1,김민지,KRW,TS-1,셔츠,1,39000\n";
  private static final String TIDY = HEADER + FIRST + SECOND;

  private static final String JSON =
      "{\"orderRef\":\"A-1\",\"customer\":{\"id\":\"c-1\"},\"currency\":\"KRW\","
          + "\"items\":[{\"name\":\"Shirt\",\"quantity\":1,\"unitPrice\":\"39000\"}]}";

  private static final String SHOPIFY =
      "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,"
          + "Lineitem quantity,Lineitem name,Lineitem price\n"
          + "#1001,a@example.com,paid,USD,10.00,5.00,1.00,16.00,0.00,1,Shirt,10.00\n";

  private static final String RETURNS = "returnRef,orderRef,position,quantity\nR-1,A-1,0,1\n";

  private record Case(String what, String name, byte[] content) {}

  @TempDir Path folder;

  private final List<Case> cases = new ArrayList<>();

  @Test
  void theTableSaysWhatBecomesOfEachFile() throws IOException {
    rows("commas, UTF-8", "a.csv", TIDY);
    rows("semicolons, tabs or bars", "b.csv", TIDY.replace(',', ';'));
    rows("tabs in a `.tsv` or `.txt`", "c.tsv", TIDY.replace(',', '\t'));
    rows("a first line `sep=`", "d.txt", "sep=|\n" + TIDY.replace(',', '|'));
    add("a byte order mark", "e.csv", ("\uFEFF" + TIDY).getBytes(StandardCharsets.UTF_8));
    add("UTF-16, with or without mark", "f.csv", TIDY.getBytes(StandardCharsets.UTF_16LE));
    add("Korean Excel's charset", "g.csv", TIDY.getBytes(Charset.forName("windows-949")));
    rows(
        "names in another case, with blanks, `_` or `-`",
        "h.csv",
        TIDY.replace("orderRef", " Order_Ref ").replace("unitPrice", "UNIT-PRICE"));
    rows(
        "blank lines, rows and columns",
        "i.csv",
        "\n ,,\n" + HEADER.strip() + ",,\n" + FIRST + ",,,,,\n" + SECOND);
    rows("rows that lack their last, optional values", "j.csv", couponed(TIDY));
    rows("rows that go on with the order above", "k.csv", HEADER + FIRST + ",,,,TS-2,모자,1,9000\n");
    rows(
        "`2.0` pieces, `39000.00` won", "l.csv", HEADER + FIRST.replace("2,39000", "2.0,39000.00"));
    rows("rows of an order apart from each other", "m.csv", TIDY + FIRST);
    rows("rows that contradict each other", "n.csv", HEADER + FIRST + FIRST.replace("KRW", "USD"));
    rows(
        "a row with more values than the header has names", "o.csv", HEADER + FIRST.strip() + ",x");
    rows("a decimal comma", "p.csv", TIDY.replace(',', ';').replace("2;39000", "2;12,50"));
    rows("a thousands separator", "q.csv", HEADER + FIRST.replace("39000", "\"39,000\""));
    rows(
        "a reference that Excel has shortened", "r.csv", HEADER + FIRST.replace("A-1", "1.23E+15"));
    rows("columns that no one knows", "s.csv", TIDY.replace("sku", "article"));
    add(
        "neither UTF-8 nor the other charset",
        "t.csv",
        (TIDY + "é").getBytes(StandardCharsets.ISO_8859_1));
    add("a workbook, its first sheet", "u.xlsx", workbook());
    rows("Shopify's export of orders", "v.csv", SHOPIFY);
    rows("the same with a total that is another", "w.csv", SHOPIFY.replace("16.00", "17.00"));
    rows("the same, voided", "x.csv", SHOPIFY.replace("paid", "voided"));
    rows("an order a line", "a.jsonl", JSON + "\n" + JSON.replace("A-1", "A-2") + "\n");
    rows("one order, or a list", "b.json", "[" + JSON + "]");
    add("each of these, zipped", "c.csv.gz", gzip(TIDY));
    add("the one file in a zip", "d.zip", zip("orders.csv", TIDY));
    add("a zip of more", "e.zip", zip("orders.csv", TIDY, "more.csv", TIDY));
    rows("another kind", "f.pdf", "%PDF-1.7");
    rows("returns by position", "returns.csv", RETURNS);
    rows(
        "the same by article, a return of two rows",
        "Returns of May.csv",
        "Return Ref;Order Ref;SKU;Quantity;Reason\nR-1;A-1;TS-1;1;CUSTOMER\nR-1;;TS-2;1;\n");
    rows("returns that say too little", "returns2.csv", RETURNS + "R-2,A-1,,1\nR-3,,0,0\n");
    rows("returns of which none is named", "returns3.csv", RETURNS.replace("returnRef", "_ref"));
    rows("cancellations", "cancellations.csv", "returnRef,orderRef\nR-1,A-1\nR-2,A-2\n");
    rows(
        "a return a line",
        "returns.jsonl",
        "{\"returnRef\":\"R-1\",\"orderRef\":\"A-1\",\"items\":\"REST\",\"charges\":\"REFUND\"}\n");
    rows(
        "a list of cancellations",
        "cancellations.json",
        "[{\"returnRef\":\"R-1\",\"orderRef\":\"A-1\",\"reason\":\"WHIM\"}]");

    String table =
        "| a file with | such as | is read as | gives |\n|---|---|---|---|\n"
            + String.join("", cases.stream().map(this::row).toList());

    assertThat(Path.of("docs", "inputs.md")).content().contains(table);
  }

  private String row(Case each) {
    try {
      Path file = Files.write(folder.resolve(each.name()), each.content());
      FileFormat format = FileFormat.of(each.name());
      if (format == null || !format.isImported()) {
        return line(each, "", "`IGNORED`");
      }
      FileContent content = new FileContent(file, FileIdentity.of(file), format, () -> false);
      ReadRows read =
          ReadRows.of(
              FileSubject.of(each.name()), content.kind(), content, Profile.withBuiltIn(Map.of()));
      List<String> gives = new ArrayList<>();
      if (!read.orders().isEmpty()) {
        int items = read.orders().stream().mapToInt(order -> order.items().size()).sum();
        gives.add(read.orders().size() + " accepted, " + items + (items == 1 ? " item" : " items"));
      }
      if (!read.reversals().isEmpty()) {
        gives.add(read.reversals().size() + " to be made");
      }
      if (read.skipped() > 0) {
        gives.add(read.skipped() + " skipped");
      }
      read.refusals().stream()
          .filter(why -> !why.startsWith("continued"))
          .forEach(why -> gives.add("rejected: " + why));
      return line(each, read.format().shown(), String.join("; ", gives));
    } catch (UnreadableFile e) {
      return line(each, "", "`FAILED`: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(Case each, String format, String gives) {
    String shown = (format + " | " + gives).replace("delimiter \"|", "delimiter \"\\|");
    return "| " + each.what() + " | `" + each.name() + "` | " + shown + " |\n";
  }

  private void rows(String what, String name, String text) {
    add(what, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(String what, String name, byte[] content) {
    cases.add(new Case(what, name, content));
  }

  private static String couponed(String text) {
    return text.replace("unitPrice", "unitPrice,couponCode");
  }

  private static byte[] workbook() throws IOException {
    var bytes = new ByteArrayOutputStream();
    Workbook workbook = new Workbook(bytes, "Orderflow", "1.0");
    Worksheet sheet = workbook.newWorksheet("orders");
    String[] lines = TIDY.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String[] fields = lines[i].split(",");
      for (int j = 0; j < fields.length; j++) {
        sheet.value(i, j, fields[j]);
      }
    }
    workbook.finish();
    return bytes.toByteArray();
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String... namesAndTexts) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        out.putNextEntry(new ZipEntry(namesAndTexts[i]));
        out.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
