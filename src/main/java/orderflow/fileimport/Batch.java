package orderflow.fileimport;

import java.util.ArrayList;
import java.util.List;
import orderflow.order.NewOrder;
import org.jspecify.annotations.Nullable;

/**
 * Orders of a file that are placed together.
 *
 * @param bytesRead of the file on disk by the time they had been read
 */
record Batch(List<Entry> entries, long bytesRead) {

  /**
   * An order, or else why it is refused; neither if it is passed over.
   *
   * @param check a checksum of the content up to its end
   */
  record Entry(
      List<SourceRow> rows,
      boolean continued,
      @Nullable NewOrder order,
      @Nullable Rejection rejection,
      long check) {

    static Entry of(ParsedOrder candidate, long check) {
      ParsedOrder.Reading read = candidate.read();
      return new Entry(
          candidate.rows(), candidate.continued(), read.order(), read.rejection(), check);
    }

    Entry refused(String why) {
      return new Entry(rows, continued, null, Rejection.of(why), check);
    }

    /** How many bytes of the content lie before what follows it. */
    long end() {
      return rows.get(rows.size() - 1).end();
    }

    /** About how many bytes it holds, and adds to what is given back. */
    int size() {
      int size = rejection == null ? 0 : rejection.size(rows.size());
      for (SourceRow row : rows) {
        size += row.bytes().length;
      }
      return size;
    }
  }

  List<NewOrder> orders() {
    List<NewOrder> orders = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.order != null) {
        orders.add(entry.order);
      }
    }
    return orders;
  }

  /** How many bytes of the content lie before what follows the batch. */
  long end() {
    return last().end();
  }

  /** The checksum of the content up to there. */
  long check() {
    return last().check();
  }

  int rows() {
    return entries.stream().mapToInt(entry -> entry.rows().size()).sum();
  }

  List<Batch> halves() {
    int middle = entries.size() / 2;
    return List.of(with(entries.subList(0, middle)), with(entries.subList(middle, entries.size())));
  }

  Batch with(List<Entry> others) {
    return new Batch(others, bytesRead);
  }

  private Entry last() {
    return entries.get(entries.size() - 1);
  }
}
