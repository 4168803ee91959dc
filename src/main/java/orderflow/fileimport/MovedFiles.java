package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Files that were moved out of the inbox a short while ago. A writer that still has one open goes
 * on writing there, and what it writes would never be imported.
 */
final class MovedFiles {

  private static final int MOST = 10_000;
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

  /**
   * A file.
   *
   * @param path where it is now
   * @param sight what it was like when it was read
   */
  record Moved(Path path, FileIdentity drop, FileSight sight, long importId) {}

  private static final class Watch {
    private final Moved file;
    private final long since;
    private long next;
    private Duration interval = FIRST_LOOK;

    private Watch(Moved file, long since) {
      this.file = file;
      this.since = since;
      this.next = since + FIRST_LOOK.toNanos();
    }
  }

  private final Deque<Watch> watches = new ArrayDeque<>();
  private final Duration watched;
  private final LongSupplier nanoTime;

  MovedFiles(Duration watched, LongSupplier nanoTime) {
    this.watched = watched;
    this.nanoTime = nanoTime;
  }

  synchronized void add(Moved file) {
    if (watches.size() == MOST) {
      watches.removeFirst();
    }
    watches.add(new Watch(file, nanoTime.getAsLong()));
  }

  /** Those that have grown since they were read. Each is returned once. */
  synchronized List<Moved> grown() {
    long now = nanoTime.getAsLong();
    List<Moved> grown = new ArrayList<>();
    for (Iterator<Watch> all = watches.iterator(); all.hasNext(); ) {
      Watch watch = all.next();
      if (now - watch.next < 0) {
        continue;
      }
      if (hasGone(watch.file, grown) || now - watch.since > watched.toNanos()) {
        all.remove();
      } else {
        watch.interval =
            watch.interval.multipliedBy(2).compareTo(LONGEST_INTERVAL) < 0
                ? watch.interval.multipliedBy(2)
                : LONGEST_INTERVAL;
        watch.next = now + watch.interval.toNanos();
      }
    }
    return grown;
  }

  private static boolean hasGone(Moved file, List<Moved> grown) {
    try {
      FileSight now = FileSight.of(file.path);
      if (!file.sight.isSameFileAs(now)) {
        return true; // another one has taken its place
      }
      boolean hasGrown =
          now.size() > file.sight.size() && !now.modified().equals(file.sight.modified());
      if (hasGrown) {
        grown.add(file);
      }
      return hasGrown;
    } catch (IOException e) {
      return true; // it was taken away
    }
  }
}
