package orderflow.importing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers a file's orders into batches, from the place on where an earlier attempt has ended. */
final class Batches {

  private static final int MOST_BYTES = 2 << 20;

  private final OrderSource source;
  private final DroppedFile file;
  private final long position;
  private final int most;
  private @Nullable UnreadableFile unreadable;

  /**
   * @param position the bytes of the content whose orders are settled
   */
  Batches(OrderSource source, DroppedFile file, long position, int most) {
    this.source = source;
    this.file = file;
    this.position = position;
    this.most = most;
  }

  /**
   * The next batch, or null after the last.
   *
   * @throws UnreadableFile once all orders before the unreadable place have been given
   */
  @Nullable Batch next() throws IOException {
    if (unreadable != null) {
      throw unreadable;
    }
    List<Batch.Entry> entries = new ArrayList<>();
    int bytes = 0;
    try {
      while (entries.size() < most && bytes < MOST_BYTES) {
        Candidate candidate = source.next();
        if (candidate == null) {
          break;
        }
        if (candidate.end() > position) {
          entries.add(Batch.Entry.of(candidate));
          bytes += candidate.size();
        }
      }
    } catch (UnreadableFile e) {
      if (entries.isEmpty()) {
        throw e;
      }
      unreadable = e;
    }
    return entries.isEmpty() ? null : new Batch(entries, file.identity(), file.position());
  }
}
