package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a workbook's first sheet, as rows with commas in UTF-8. A row's line is its number in
 * the sheet.
 */
final class WorkbookRows implements RowReader {

  private static final ReadingOptions WITH_FORMATS = new ReadingOptions(true, true);
  private static final ReadingOptions WITHOUT_FORMATS = new ReadingOptions(false, true);

  /** What a workbook writes for a control character. */
  private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

  /** Of the format that older workbooks and those with a password have; in bytes. */
  private static final int OLE2_HEADER = 8;

  private final ReadableWorkbook workbook;
  private final Stream<Row> stream;
  private final Iterator<Row> rows;
  private long end;

  WorkbookRows(Path file) throws IOException {
    ReadableWorkbook opened = null;
    try {
      opened = open(file);
      this.stream = opened.getFirstSheet().openStream();
      this.rows = stream.iterator();
      this.workbook = opened;
    } catch (IOException | RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      throw unreadable(file);
    }
  }

  private static ReadableWorkbook open(Path file) throws IOException {
    try {
      return new ReadableWorkbook(file.toFile(), WITH_FORMATS);
    } catch (RuntimeException e) {
      return new ReadableWorkbook(file.toFile(), WITHOUT_FORMATS); // it has no styles
    }
  }

  private static UnreadableFile unreadable(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] header = in.readNBytes(OLE2_HEADER);
      if (header.length == OLE2_HEADER && ReadableWorkbook.isOLE2Header(header)) {
        return new UnreadableFile(
            "It is a workbook with a password, or of an old kind: save it as .xlsx without a"
                + " password and drop it again.");
      }
    }
    return broken();
  }

  private static UnreadableFile broken() {
    return new UnreadableFile("It is no whole workbook: save it as .xlsx and drop it again.");
  }

  @Override
  public @Nullable SourceRow next() throws IOException {
    try {
      if (!rows.hasNext()) {
        return null;
      }
      Row row = rows.next();
      StringBuilder text = new StringBuilder(128);
      for (int i = 0; i < row.getCellCount(); i++) {
        Cell cell = row.getCell(i);
        append(text.append(i == 0 ? "" : ","), cell == null ? "" : text(cell));
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (bytes.length > SourceRow.LONGEST_KEPT) {
        throw SourceRow.endless(row.getRowNum());
      }
      end += bytes.length + 1;
      return new SourceRow(bytes, "\n", row.getRowNum(), end, true);
    } catch (UnreadableFile e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken();
    }
  }

  private static String text(Cell cell) {
    Object value = cell.getValue();
    if (value instanceof BigDecimal number) {
      return CellText.of(number, cell.getDataFormatId(), cell.getDataFormatString(), cell::asDate);
    }
    if (value instanceof Boolean yes) {
      return yes ? "TRUE" : "FALSE";
    }
    String text = value == null ? cell.getRawValue() : value.toString();
    return text == null ? "" : unescaped(text);
  }

  private static String unescaped(String text) {
    if (!text.contains("_x")) {
      return text;
    }
    Matcher escaped = ESCAPED.matcher(text);
    StringBuilder plain = new StringBuilder();
    while (escaped.find()) {
      char c = (char) Integer.parseInt(escaped.group(1), 16);
      escaped.appendReplacement(plain, Matcher.quoteReplacement(String.valueOf(c)));
    }
    return escaped.appendTail(plain).toString();
  }

  private static void append(StringBuilder row, String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length() && !quoted; i++) {
      char c = text.charAt(i);
      quoted = c == ',' || c == '"' || c == '\n' || c == '\r';
    }
    if (quoted) {
      row.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      row.append(text);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
    workbook.close();
  }
}
