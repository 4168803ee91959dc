package orderflow.fileimport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Gathers a file's entries into batches, from the place on where an earlier attempt has ended. */
final class Batches<T> {

  private static final int MOST_BYTES = 2 << 20;

  private final EntrySource source;
  private final FileContent file;
  private final Progress from;
  private final Importer<T> importer;
  private final boolean withoutLast;
  private final CRC32C check = new CRC32C();
  private boolean verified;
  private @Nullable ParsedEntry ahead;
  private @Nullable RuntimeException end;

  /**
   * @param from how far an earlier attempt has come
   * @param withoutLast whether to leave the last order, as its rows may not all be there yet
   */
  Batches(
      EntrySource source,
      FileContent file,
      Progress from,
      Importer<T> importer,
      boolean withoutLast) {
    this.source = source;
    this.file = file;
    this.from = from;
    this.importer = importer;
    this.withoutLast = withoutLast;
    this.verified = from.position() == 0;
  }

  /**
   * The next batch, or null after the last.
   *
   * @throws UnreadableFile once all orders before the unreadable place have been given
   * @throws FileChanged once all whole orders have been given, if the file has grown meanwhile
   * @throws OtherContent if the part that an earlier attempt has imported is not what it was
   */
  @Nullable Batch<T> next() throws IOException {
    if (end != null) {
      throw end;
    }
    List<Batch.Entry<T>> entries = new ArrayList<>();
    int bytes = 0;
    try {
      while (entries.size() < importer.batch() && bytes < MOST_BYTES) {
        ParsedEntry candidate = candidate();
        if (candidate == null) {
          if (!withoutLast) {
            requireVerified();
          }
          break;
        }
        candidate.rows().forEach(row -> check.update(row.bytes()));
        if (candidate.end() > from.position()) {
          requireVerified();
          Batch.Entry<T> entry = Batch.Entry.of(candidate, importer, check.getValue());
          entries.add(entry);
          bytes += entry.size();
        } else if (candidate.end() == from.position()) {
          verify();
        }
      }
    } catch (UnreadableFile | FileChanged e) {
      if (entries.isEmpty()) {
        throw e;
      }
      end = e;
    }
    return entries.isEmpty() ? null : new Batch<>(entries, file.bytesRead());
  }

  /** A quote that is open may be closed by what is still to be written: what follows it waits. */
  private @Nullable ParsedEntry candidate() throws IOException {
    if (!withoutLast) {
      return source.next();
    }
    ParsedEntry next = ahead == null ? source.next() : ahead;
    if (next == null) {
      return null;
    }
    ahead = null;
    ParsedEntry following = source.next();
    ahead = following;
    return following == null || next.endsOpen() ? null : next;
  }

  private void verify() {
    Long before = from.check();
    verified = before == null || before == check.getValue();
    requireVerified();
  }

  /** An order must have ended where the earlier attempt has, too. */
  private void requireVerified() {
    if (!verified) {
      throw new OtherContent();
    }
  }
}
