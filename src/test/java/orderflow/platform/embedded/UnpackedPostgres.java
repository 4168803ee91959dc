package orderflow.platform.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * PostgreSQL's programs, unpacked once for the tests of all processes: that takes longer than most
 * of them.
 */
public final class UnpackedPostgres {

  private static final Path PROGRAMS = Path.of("target", "postgres-programs").toAbsolutePath();

  private UnpackedPostgres() {}

  /** Lets servers whose data will be in this folder use them. */
  public static synchronized void linkInto(Path data) {
    try {
      Files.createDirectories(PROGRAMS.getParent());
      Path lock = PROGRAMS.resolveSibling("postgres-programs.lock");
      try (FileChannel channel = FileChannel.open(lock, CREATE, WRITE);
          FileLock held = channel.lock()) {
        PostgresBinaries.in(PROGRAMS);
      }
      Files.createSymbolicLink(data.resolve("postgres-programs"), PROGRAMS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
