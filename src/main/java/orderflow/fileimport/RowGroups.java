package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the rows that are one order: neighbours of the same {@code orderRef}, and those below
 * that name neither order nor customer. A row that is broken spoils the orders next to it that it
 * names, or goes on with: better the whole order is refused and corrected than taken without one of
 * its items.
 */
final class RowGroups implements Closeable {

  /**
   * Rows of one order.
   *
   * @param number of the order in the file, from 0; parts of one that is too long share it
   * @param tooLong whether more rows of it follow
   * @param rest whether it is the rest of one that was too long
   * @param spoilt whether the broken row before it names it
   */
  record Group(
      List<CsvRow> rows,
      String reference,
      long number,
      boolean tooLong,
      boolean rest,
      boolean spoilt) {

    CsvRow last() {
      return rows.get(rows.size() - 1);
    }
  }

  private final RowReader rows;
  private final char delimiter;
  private final RowColumns columns;
  private @Nullable CsvRow ahead;
  private @Nullable Group before;
  private long number = -1;

  /** The rows that follow the header. */
  RowGroups(RowReader rows, char delimiter, RowColumns columns) throws IOException {
    this.rows = rows;
    this.delimiter = delimiter;
    this.columns = columns;
    this.ahead = read();
  }

  @Nullable Group next() throws IOException {
    CsvRow next = ahead;
    if (next == null) {
      return null;
    }
    List<CsvRow> group = new ArrayList<>();
    boolean rest = before != null && before.tooLong;
    String reference = rest && before != null ? before.reference : columns.referenceOf(next);
    boolean spoilt = !rest && before != null && spoils(before, reference);
    number += rest ? 0 : 1;
    int size = 0;
    boolean broken = true;
    do {
      group.add(next);
      broken &= next.isBroken();
      size += next.row().bytes().length;
      String own = columns.referenceOf(next);
      if (!own.isEmpty() && (reference.isEmpty() || !next.isBroken())) {
        reference = own;
      }
      next = read();
    } while (next != null && size < SourceRow.LONGEST && isOf(group, broken, reference, next));
    ahead = next;
    boolean tooLong =
        next != null && size >= SourceRow.LONGEST && isOf(group, broken, reference, next);
    before = new Group(group, reference, number, tooLong, rest, spoilt);
    return before;
  }

  private boolean spoils(Group refused, String reference) {
    return (refused.last().isBroken() || refused.spoilt || refused.rest)
        && refused.last().mentions(reference, delimiter);
  }

  /** Whether a row is of the same order as those before it, or spoils it, or is spoilt by it. */
  private boolean isOf(List<CsvRow> group, boolean allBroken, String reference, CsvRow row) {
    String own = columns.referenceOf(row);
    if (own.isEmpty()) {
      return columns.goesOn(row);
    }
    if (own.equals(reference)) {
      return true;
    }
    if (row.isBroken()) {
      return row.mentions(reference, delimiter);
    }
    return allBroken && group.get(group.size() - 1).mentions(own, delimiter);
  }

  /** The next row that is not blank. */
  private @Nullable CsvRow read() throws IOException {
    for (SourceRow row = rows.next(); row != null; row = rows.next()) {
      if (row.bytes().length > 0) {
        CsvRow read = CsvRow.of(row, delimiter, columns.count());
        if (!columns.isBlank(read, delimiter)) {
          return columns.checked(read);
        }
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
