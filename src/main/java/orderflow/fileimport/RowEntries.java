package orderflow.fileimport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/** The entries of a file of rows. */
final class RowEntries implements EntrySource {

  private final RowGroups groups;
  private final FileSubject subject;
  private final Dialect dialect;
  private final SourceRow header;
  private final RowColumns columns;
  private final ScatteredEntries scattered;
  private final String delimiter;

  RowEntries(
      RowGroups groups,
      FileSubject subject,
      Dialect dialect,
      SourceRow header,
      RowColumns columns,
      ScatteredEntries scattered) {
    this.groups = groups;
    this.subject = subject;
    this.dialect = dialect;
    this.header = header;
    this.columns = columns;
    this.scattered = scattered;
    this.delimiter = String.valueOf(dialect.delimiter());
  }

  @Override
  public @Nullable ParsedEntry next() throws IOException {
    RowGroups.Group group = groups.next();
    return group == null ? null : parsed(group, scattered.of(group.number()));
  }

  private ParsedEntry parsed(RowGroups.Group group, ScatteredEntries.@Nullable Places places) {
    List<SourceRow> rows = group.rows().stream().map(CsvRow::row).toList();
    List<RowFault> faults = new ArrayList<>(0);
    for (int i = 0; i < rows.size(); i++) {
      CsvRow row = group.rows().get(i);
      if (row.isBroken()) {
        faults.add(
            new RowFault(i, new Violation("", "line " + row.row().line() + " " + row.fault())));
      }
    }
    if (places != null) {
      faults.add(
          ofOrder(
              "the rows of the "
                  + subject.noun()
                  + " do not stand together, they begin on lines "
                  + places.shown()
                  + ": sort the rows by "
                  + subject.layout().reference()));
    }
    if (group.rest() || group.spoilt()) {
      faults.add(ofOrder("belongs to the refused rows before it"));
    } else if (group.tooLong()) {
      faults.add(
          ofOrder(
              "the " + subject.noun() + "'s rows are longer than " + SourceRow.LONGEST + " bytes"));
    }
    if (!faults.isEmpty()) {
      boolean continued = group.rest() || group.spoilt() || places != null && !places.first();
      return new ParsedEntry(rows, null, faults, continued);
    }
    if (columns.skips(group.rows().get(0))) {
      return ParsedEntry.skipped(rows);
    }
    return new ParsedEntry(
        rows,
        columns.entry(group.rows()),
        columns.faults(group.rows()),
        false,
        false,
        columns.total(group.rows().get(0)));
  }

  private static RowFault ofOrder(String detail) {
    return new RowFault(RowFault.ORDER, new Violation("", detail));
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }

  @Override
  public byte[] rejectedHeader() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(dialect.mark());
    String added = columns.added() < 0 ? delimiter + "_line" + delimiter + "_error" : "";
    out.writeBytes(inTheFilesCharset(header.bytes(), header.bytes().length));
    out.writeBytes(dialect.encoded(added + lineEnd(header)));
    return out.toByteArray();
  }

  /** A refused row that is refused again bears its new fault only. */
  @Override
  public byte[] rejected(SourceRow row, String error) {
    CsvRow read = columns.checked(CsvRow.of(row, dialect.delimiter(), columns.count()));
    int fields = columns.added() < 0 ? columns.count() : columns.added();
    int length =
        columns.added() < 0
            ? row.bytes().length
            : read.lengthWithoutFault(dialect.delimiter(), columns.added());
    String missing = read.isBroken() ? "" : delimiter.repeat(Math.max(0, fields - read.count()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(inTheFilesCharset(row.bytes(), length));
    out.writeBytes(
        dialect.encoded(
            missing
                + delimiter
                + row.line()
                + delimiter
                + '"'
                + error.replace("\"", "\"\"")
                + '"'
                + lineEnd(row)));
    return out.toByteArray();
  }

  private byte[] inTheFilesCharset(byte[] utf8, int length) {
    return dialect.isUtf8()
        ? Arrays.copyOf(utf8, length)
        : dialect.encoded(new String(utf8, 0, length, StandardCharsets.UTF_8));
  }

  /** The last row may have none. */
  private String lineEnd(SourceRow row) {
    String lineEnd = row.lineEnd().isEmpty() ? header.lineEnd() : row.lineEnd();
    return lineEnd.isEmpty() ? "\n" : lineEnd;
  }
}
