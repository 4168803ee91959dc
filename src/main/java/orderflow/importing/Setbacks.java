package orderflow.importing;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import orderflow.background.Outage;

/** Which files could not be imported for now, and when to try them again: the pauses grow. */
final class Setbacks {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

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
    Setback setback = files.get(file);
    return setback != null && clock.instant().isBefore(setback.next);
  }

  synchronized void failed(Path file, Exception cause) {
    files.keySet().removeIf(gone -> Files.notExists(gone, LinkOption.NOFOLLOW_LINKS));
    Setback setback =
        files.computeIfAbsent(file, f -> new Setback(new Outage("Importing " + f.getFileName())));
    int failures = setback.outage.failed(cause);
    long millis = Math.min(LONGEST_PAUSE.toMillis(), 250L << Math.min(failures, 10));
    setback.next = clock.instant().plusMillis(millis);
  }

  synchronized void over(Path file) {
    Setback setback = files.remove(file);
    if (setback != null) {
      setback.outage.over();
    }
  }
}
