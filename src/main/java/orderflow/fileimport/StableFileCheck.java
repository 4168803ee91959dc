package orderflow.fileimport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which files can be taken. A file that was moved into place is whole at once. One that is
 * written in place can be read after some seconds without a change, but for its last order, and is
 * whole only after a minute or so. All times are those that have passed in this process.
 */
final class StableFileCheck {

  enum State {
    /** It may still be being written. */
    UNSETTLED,
    /** All but its last order can be read. */
    READABLE,
    WHOLE
  }

  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  /** Files that are watched at the same time; further ones wait until some of these have gone. */
  private static final int MOST = 50_000;

  private static final class Watch {
    private FileSight sight;
    private long since;
    private long seen;
    private long mark;
    private boolean writtenInPlace;
    private boolean readSoFar;
    private boolean ignored;
    private @Nullable Boolean endsWithLineEnd;

    private Watch(FileSight sight, long since, long seen, long mark) {
      this.sight = sight;
      this.since = since;
      this.seen = seen;
      this.mark = mark;
    }
  }

  private final Map<Path, Watch> watches = new HashMap<>();
  private final Duration stableFor;
  private final Duration completeAfter;
  private final LongSupplier nanoTime;

  StableFileCheck(Duration stableFor, Duration completeAfter, LongSupplier nanoTime) {
    this.stableFor = stableFor;
    this.completeAfter = completeAfter;
    this.nanoTime = nanoTime;
  }

  /**
   * Looks at a file once more.
   *
   * @param arrivals which files are known to have come as they are
   * @param quietBefore how long it had been as it is before it was seen first
   */
  synchronized State look(
      Path file, FileSight sight, FileFormat format, Arrivals arrivals, Duration quietBefore)
      throws IOException {
    long now = nanoTime.getAsLong();
    Watch watch = watches.get(file);
    if (watch == null) {
      if (watches.size() < MOST) {
        long mark = arrivals.markAfter(file.getFileName());
        watches.put(file, new Watch(sight, now - quietBefore.toNanos(), now, mark));
      }
      return State.UNSETTLED;
    }
    watch.seen = now;
    if (!watch.sight.isUnchangedIn(sight)) {
      watch.writtenInPlace =
          watch.sight.isSameFileAs(sight)
              && (watch.writtenInPlace || watch.sight.size() != sight.size());
      watch.sight = sight;
      watch.since = now;
      watch.mark = arrivals.markAfter(file.getFileName());
      watch.readSoFar = false;
      watch.ignored = false;
      watch.endsWithLineEnd = null;
      return State.UNSETTLED;
    }
    if (watch.ignored) {
      return State.UNSETTLED;
    }
    if (!watch.writtenInPlace
        && (sight.wasChangedAfterItsContent()
            || (sight.size() > 0 && arrivals.includes(file.getFileName(), watch.mark)))) {
      return State.WHOLE;
    }
    long unchanged = now - watch.since;
    if (unchanged >= (format.isImported() ? completeAfter : stableFor).toNanos()) {
      return State.WHOLE;
    }
    return unchanged >= stableFor.toNanos()
            && !watch.readSoFar
            && endsWithLineEnd(watch, file, sight, format)
        ? State.READABLE
        : State.UNSETTLED;
  }

  /** All that could be read of a file was read: what is left waits until it changes or is whole. */
  synchronized void readSoFar(Path file) {
    Watch watch = watches.get(file);
    if (watch != null) {
      watch.readSoFar = true;
    }
  }

  /** A file is no file of orders: it is not looked at until it changes. */
  synchronized void isIgnored(Path file) {
    Watch watch = watches.get(file);
    if (watch != null) {
      watch.ignored = true;
    }
  }

  /** A file is put into the inbox whose writer has not finished. */
  synchronized void isWrittenInPlace(Path file, FileSight sight) {
    long now = nanoTime.getAsLong();
    Watch watch = new Watch(sight, now, now, Long.MAX_VALUE);
    watch.writtenInPlace = true;
    watches.put(file, watch);
  }

  /** Forgets the files that have gone. */
  synchronized void tidy() {
    long now = nanoTime.getAsLong();
    watches.values().removeIf(watch -> now - watch.seen > FORGOTTEN.toNanos());
  }

  private static boolean endsWithLineEnd(Watch watch, Path file, FileSight sight, FileFormat format)
      throws IOException {
    Boolean known = watch.endsWithLineEnd;
    if (known == null) {
      known = !format.isPacked() && sight.size() > 0 && isLineEnd(lastByte(file, sight.size()));
      watch.endsWithLineEnd = known;
    }
    return known;
  }

  private static boolean isLineEnd(byte last) {
    return last == '\n' || last == '\r';
  }

  private static byte lastByte(Path file, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, size - 1);
      return one.get(0);
    }
  }
}
