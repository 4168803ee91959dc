package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What tells one drop of a file from the next of the same name. */
record FileIdentity(String name, long size, Instant modified) {

  static FileIdentity of(Path file) throws IOException {
    return of(FileNames.of(file), FileSight.of(file));
  }

  static FileIdentity of(String name, FileSight sight) {
    return new FileIdentity(
        name, sight.size(), sight.modified().toInstant().truncatedTo(ChronoUnit.MILLIS));
  }
}
