package orderflow.fileimport;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/**
 * What a file gives as one entry.
 *
 * @param json null if not even that could be read
 * @param faults what is wrong already
 * @param continued whether it is the rest of an entry that was refused, and none of its own
 * @param skipped whether it is passed over
 * @param total what the file says that an order is worth, or null if it does not say it
 */
record ParsedEntry(
    List<SourceRow> rows,
    @Nullable JsonNode json,
    List<RowFault> faults,
    boolean continued,
    boolean skipped,
    @Nullable String total) {

  ParsedEntry(
      List<SourceRow> rows, @Nullable JsonNode json, List<RowFault> faults, boolean continued) {
    this(rows, json, faults, continued, false, null);
  }

  /** An entry that is passed over. */
  static ParsedEntry skipped(List<SourceRow> rows) {
    return new ParsedEntry(rows, null, List.of(), false, true, null);
  }

  /** What an entry asks for, or else why it is refused; neither if it is passed over. */
  record Reading<T>(@Nullable T content, @Nullable Rejection rejection) {}

  /** Reads the entry. Whatever its content throws is the entry's own fault. */
  <T> Reading<T> read(Importer<T> importer) {
    if (skipped) {
      return new Reading<>(null, null);
    }
    List<RowFault> all = new ArrayList<>(faults);
    try {
      if (json != null) {
        T read = importer.read(this);
        if (all.isEmpty()) {
          return new Reading<>(read, null);
        }
      }
    } catch (ValidationException e) {
      for (Violation fault : e.faults()) {
        if (faults.stream().noneMatch(known -> known.isAt(fault))) {
          all.add(Rejection.place(fault, rows.size()));
        }
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Reading<>(
          null, Rejection.of("can't be read (" + e.getClass().getSimpleName() + ")"));
    }
    return new Reading<>(null, Rejection.of(rows, all, importer.subject()));
  }

  /** Whether a quote in it is never closed. */
  boolean endsOpen() {
    return rows.stream().anyMatch(row -> !row.closed());
  }

  /** How many bytes of the content lie before what follows it. */
  long end() {
    return rows.get(rows.size() - 1).end();
  }

  int size() {
    return rows.stream().mapToInt(row -> row.bytes().length).sum();
  }
}
