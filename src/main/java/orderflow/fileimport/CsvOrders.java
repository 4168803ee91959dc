package orderflow.fileimport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring rows with the same {@code orderRef} are one order. A row that is broken spoils the
 * orders next to it that it names: better the whole order is refused and corrected than taken
 * without one of its items.
 */
final class CsvOrders implements OrderSource {

  private static final String ADDED = ",_line,_error";

  private final TextRows rows;
  private final @Nullable SourceRow header;
  private final @Nullable CsvColumns columns;
  private final boolean endsWithFault;
  private @Nullable CsvRow ahead;
  private @Nullable CsvRow spoiling;

  CsvOrders(TextRows rows) throws IOException {
    this.rows = rows;
    this.header = rows.next();
    if (header == null) {
      this.columns = null;
      this.endsWithFault = false;
    } else {
      CsvRow names = CsvRow.fieldsOf(header, CsvColumns.MOST);
      if (names.count() > CsvColumns.MOST) {
        throw new UnreadableFile(
            "Line 1, the header row, has more than "
                + CsvColumns.MOST
                + " columns. Correct it and drop the file again.");
      }
      if (names.isBroken()) {
        throw new UnreadableFile(
            "Line 1, the header row, " + names.fault() + ". Correct it and drop the file again.");
      }
      this.columns = new CsvColumns(names.fields());
      this.endsWithFault = names.row().text().endsWith(ADDED);
      this.ahead = read();
    }
  }

  @Override
  public @Nullable ParsedOrder next() throws IOException {
    if (ahead == null || columns == null) {
      return null;
    }
    List<CsvRow> group = new ArrayList<>();
    String reference = ahead.field(columns.reference());
    boolean continued = spoiling != null && spoiling.mentions(reference);
    int size = 0;
    do {
      group.add(ahead);
      size += ahead.row().bytes().length;
      if (!ahead.isBroken()) {
        reference = ahead.field(columns.reference());
      }
      ahead = read();
    } while (ahead != null && size < SourceRow.LONGEST && isOf(group, reference, ahead, columns));

    CsvRow last = group.get(group.size() - 1);
    boolean cut =
        ahead != null && size >= SourceRow.LONGEST && isOf(group, reference, ahead, columns);
    boolean refused = continued || cut;
    spoiling = last.isBroken() || refused ? last : null;
    return candidate(group, columns, refused, continued);
  }

  private static ParsedOrder candidate(
      List<CsvRow> group, CsvColumns columns, boolean cut, boolean continued) {
    List<SourceRow> rows = group.stream().map(CsvRow::row).toList();
    List<RowFault> faults = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      CsvRow row = group.get(i);
      if (row.isBroken()) {
        faults.add(
            new RowFault(i, new Violation("", "line " + row.row().line() + " " + row.fault())));
      }
    }
    if (continued) {
      faults.add(ofOrder("belongs to the refused rows before it"));
    } else if (cut) {
      faults.add(ofOrder("the order's rows are longer than " + SourceRow.LONGEST + " bytes"));
    }
    if (!faults.isEmpty()) {
      return new ParsedOrder(rows, null, faults, continued);
    }
    List<List<String>> fields = group.stream().map(CsvRow::fields).toList();
    List<RowFault> disagreements =
        columns.disagreements(fields).stream()
            .map(fault -> new RowFault(RowFault.ORDER, fault))
            .toList();
    return new ParsedOrder(rows, columns.order(fields), disagreements, false);
  }

  private static RowFault ofOrder(String detail) {
    return new RowFault(RowFault.ORDER, new Violation("", detail));
  }

  /** Whether a row is of the same order as those before it, or spoils it, or is spoilt by it. */
  private static boolean isOf(
      List<CsvRow> group, String reference, CsvRow row, CsvColumns columns) {
    String own = row.field(columns.reference());
    if (!own.isEmpty() && own.equals(reference)) {
      return true;
    }
    if (row.isBroken()) {
      return row.mentions(reference);
    }
    CsvRow last = group.get(group.size() - 1);
    return group.stream().allMatch(CsvRow::isBroken) && last.mentions(own);
  }

  /** The next row that is not empty. */
  private @Nullable CsvRow read() throws IOException {
    SourceRow row = rows.next();
    while (row != null && row.bytes().length == 0) {
      row = rows.next();
    }
    return row == null || columns == null ? null : CsvRow.of(row, columns.count());
  }

  @Override
  public byte[] rejectedHeader() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (header != null) {
      if (rows.beganWithBom()) {
        out.writeBytes(ByteOrderMark.BYTES);
      }
      out.writeBytes(header.bytes());
      out.writeBytes((endsWithFault ? "" : ADDED).getBytes(StandardCharsets.UTF_8));
      out.writeBytes(lineEnd(header));
    }
    return out.toByteArray();
  }

  /** A refused row that is refused again bears its new fault only. */
  @Override
  public byte[] rejected(SourceRow row, String error) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(row.bytes(), 0, lengthWithoutFault(row));
    String added =
        missingFields(row) + "," + row.line() + ",\"" + error.replace("\"", "\"\"") + "\"";
    out.writeBytes(added.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(lineEnd(row));
    return out.toByteArray();
  }

  /** Commas that bring what is added below its column though the row has too few fields. */
  private String missingFields(SourceRow row) {
    if (columns == null) {
      return "";
    }
    CsvRow read = CsvRow.fieldsOf(row, columns.count());
    return read.isBroken() ? "" : ",".repeat(Math.max(0, columns.count() - read.count()));
  }

  private int lengthWithoutFault(SourceRow row) {
    return endsWithFault && columns != null
        ? CsvRow.of(row, columns.count()).lengthWithoutFault()
        : row.bytes().length;
  }

  /** The last row may have none. */
  private byte[] lineEnd(SourceRow row) {
    String lineEnd =
        !row.lineEnd().isEmpty() ? row.lineEnd() : header == null ? "" : header.lineEnd();
    return (lineEnd.isEmpty() ? "\n" : lineEnd).getBytes(StandardCharsets.UTF_8);
  }
}
