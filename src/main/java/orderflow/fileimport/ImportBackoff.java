package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import orderflow.platform.retry.Backoff;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.retry.OutageLog;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of imports for now, and when to try again: the pauses grow. A file's own
 * trouble is its own; while the database is away, all files wait.
 */
final class ImportBackoff {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

  /** Files with a setback of their own; if there are more, they share one. */
  private static final int MOST = 1_000;

  private static final Path ALL = Path.of("");

  private static final class Setback {
    private final OutageLog outage;
    private long next;

    private Setback(OutageLog outage) {
      this.outage = outage;
    }
  }

  private final Map<Path, Setback> files = new HashMap<>();
  private final LongSupplier nanoTime;

  ImportBackoff(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized boolean isTooEarlyFor(Path file) {
    return isTooEarly(files.get(file)) || isTooEarly(files.get(ALL));
  }

  synchronized void failed(Path file, Throwable cause) {
    boolean ofAll =
        (FailureClassifier.isTransient(cause) && !(cause instanceof IOException))
            || (files.size() >= MOST && !files.containsKey(file));
    Setback setback =
        ofAll
            ? files.computeIfAbsent(ALL, all -> new Setback(new OutageLog("The import of files")))
            : files.computeIfAbsent(
                file, f -> new Setback(new OutageLog("The import of " + shownName(f))));
    int failures = setback.outage.failure(shown(cause));
    setback.next = nanoTime.getAsLong() + BACKOFF.after(failures).toNanos();
  }

  synchronized void over(Path file) {
    isOver(files.remove(file));
    isOver(files.remove(ALL));
  }

  /** Forgets the files that have gone. */
  synchronized void tidy() {
    files
        .keySet()
        .removeIf(file -> !file.equals(ALL) && Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
  }

  private boolean isTooEarly(@Nullable Setback setback) {
    return setback != null && nanoTime.getAsLong() - setback.next < 0;
  }

  private static void isOver(@Nullable Setback setback) {
    if (setback != null) {
      setback.outage.recovered();
    }
  }

  private static String shownName(Path file) {
    return FileNames.shown(FileNames.of(file));
  }

  /** A file system's message names the file. */
  private static Throwable shown(Throwable cause) {
    return cause instanceof IOException && cause.getMessage() != null
        ? new IOException(FileNames.shown(FailureClassifier.reason(cause)))
        : cause;
  }
}
