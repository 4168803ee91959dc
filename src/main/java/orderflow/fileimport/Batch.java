package orderflow.fileimport;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a file that are taken together.
 *
 * @param <T> what an entry asks for
 * @param bytesRead of the file on disk by the time they had been read
 */
record Batch<T>(List<Entry<T>> entries, long bytesRead) {

  /**
   * What an entry asks for, or else why it is refused; neither if it is passed over.
   *
   * @param check a checksum of the content up to its end
   */
  record Entry<T>(
      List<SourceRow> rows,
      boolean continued,
      @Nullable T content,
      @Nullable Rejection rejection,
      long check) {

    static <T> Entry<T> of(ParsedEntry candidate, Importer<T> importer, long check) {
      ParsedEntry.Reading<T> read = candidate.read(importer);
      return new Entry<>(
          candidate.rows(), candidate.continued(), read.content(), read.rejection(), check);
    }

    Entry<T> refused(String why) {
      return new Entry<>(rows, continued, null, Rejection.of(why), check);
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

  List<T> contents() {
    List<T> contents = new ArrayList<>();
    for (Entry<T> entry : entries) {
      if (entry.content != null) {
        contents.add(entry.content);
      }
    }
    return contents;
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

  List<Batch<T>> halves() {
    int middle = entries.size() / 2;
    return List.of(with(entries.subList(0, middle)), with(entries.subList(middle, entries.size())));
  }

  Batch<T> with(List<Entry<T>> others) {
    return new Batch<>(others, bytesRead);
  }

  private Entry<T> last() {
    return entries.get(entries.size() - 1);
  }
}
