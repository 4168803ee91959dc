package orderflow.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import orderflow.background.Outage;
import orderflow.failure.Failures;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of imports for now, and when to try again: the pauses grow. A file's own
 * trouble is its own; while the database is away, all files wait.
 */
final class Setbacks {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final Path ALL = Path.of("");

  private static final class Setback {
    private final Outage outage;
    private Instant next = Instant.MIN;

    private Setback(Outage outage) {
      this.outage = outage;
    }
  }

  private final Map<Path, Setback> files = new HashMap<>();
  private final Clock clock;

  Setbacks(Clock clock) {
    this.clock = clock;
  }

  synchronized boolean isTooEarlyFor(Path file) {
    return isTooEarly(files.get(file)) || isTooEarly(files.get(ALL));
  }

  synchronized void failed(Path file, Throwable cause) {
    files.keySet().removeIf(gone -> Files.notExists(gone, LinkOption.NOFOLLOW_LINKS));
    boolean ofAll = Failures.isAway(cause) && !(cause instanceof IOException);
    Setback setback =
        ofAll
            ? files.computeIfAbsent(ALL, all -> new Setback(new Outage("The import of files")))
            : files.computeIfAbsent(
                file, f -> new Setback(new Outage("The import of " + f.getFileName())));
    int failures = setback.outage.failed(cause);
    long millis = Math.min(LONGEST_PAUSE.toMillis(), 250L << Math.min(failures, 10));
    setback.next = clock.instant().plusMillis(millis);
  }

  synchronized void over(Path file) {
    isOver(files.remove(file));
    isOver(files.remove(ALL));
  }

  private boolean isTooEarly(@Nullable Setback setback) {
    return setback != null && clock.instant().isBefore(setback.next);
  }

  private static void isOver(@Nullable Setback setback) {
    if (setback != null) {
      setback.outage.over();
    }
  }
}
