package orderflow.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells which files are whole: those that have stayed as they are for a while. One that was moved
 * into place is whole at once: its inode was changed after its content, while a file being written
 * has both times the same.
 */
final class Settling {

  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private record Sight(DropIdentity file, Instant first, Instant last) {}

  private final Map<Path, Sight> seen = new HashMap<>();
  private final Duration quiet;
  private final Clock clock;

  Settling(Duration quiet, Clock clock) {
    this.quiet = quiet;
    this.clock = clock;
  }

  synchronized boolean isWhole(Path file) throws IOException {
    Instant now = clock.instant();
    DropIdentity current = DropIdentity.of(file);
    Sight before = seen.get(file);
    if (before == null || !before.file.equals(current)) {
      seen.put(file, new Sight(current, now, now));
      return false;
    }
    seen.put(file, new Sight(current, before.first, now));
    return wasMoved(file) || !before.first.plus(quiet).isAfter(now);
  }

  /** Forgets the files that have gone. */
  synchronized void tidy() {
    Instant bound = clock.instant().minus(FORGOTTEN);
    seen.values().removeIf(sight -> sight.last.isBefore(bound));
  }

  private static boolean wasMoved(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return false;
    }
    FileTime written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    return Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
            instanceof FileTime changed
        && changed.compareTo(written) > 0;
  }
}
