package orderflow.platform.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;

/** The folder the embedded servers keep their data in, held by one instance at a time. */
class DataFolder implements AutoCloseable {

  private final FileChannel held;

  private DataFolder(FileChannel held) {
    this.held = held;
  }

  /**
   * Makes the folder if it is missing. The operating system lets go of it when this process ends,
   * however it ends.
   */
  static DataFolder hold(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StartupException(
            "another instance is using the data folder "
                + path
                + ": stop it, or set ORDERFLOW_DATA to another folder");
      }
      return new DataFolder(channel);
    } catch (IOException e) {
      throw new StartupException(
          "the data folder "
              + path
              + " cannot be written ("
              + e
              + "):"
              + " let this user write there, or set ORDERFLOW_DATA to another folder",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    held.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
