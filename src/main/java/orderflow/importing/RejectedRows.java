package orderflow.importing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The file of what is given back, written at the place that the import's saved progress says. */
final class RejectedRows implements AutoCloseable {

  private final Path path;
  private @Nullable FileChannel channel;

  RejectedRows(Path path) {
    this.path = path;
  }

  /** Whether what was given back so far is still there. */
  boolean holds(long bytes) throws IOException {
    return bytes == 0 || Files.exists(path) && Files.size(path) >= bytes;
  }

  /**
   * Writes at a position, onto the disk; what was there and behind it is from an attempt that came
   * to nothing.
   */
  void write(long position, byte[] rows) throws IOException {
    if (rows.length == 0) {
      return;
    }
    if (channel == null) {
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    channel.truncate(position);
    ByteBuffer buffer = ByteBuffer.wrap(rows);
    while (buffer.hasRemaining()) {
      channel.write(buffer, position + buffer.position());
    }
    channel.force(false);
  }

  /** Leaves nothing behind what the import's saved progress says. */
  void cut(long bytes) throws IOException {
    close();
    if (bytes == 0) {
      Files.deleteIfExists(path);
    } else if (Files.exists(path)) {
      try (FileChannel all = FileChannel.open(path, StandardOpenOption.WRITE)) {
        all.truncate(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
