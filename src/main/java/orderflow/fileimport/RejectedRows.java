package orderflow.fileimport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of what is given back. Each part is written after the transaction that holds it, at the
 * place that it says: a process that lags behind can only write again what is there already.
 */
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

  /** Writes what an import's progress may lack on the disk, and forces it there. */
  void write(Progress progress) throws IOException {
    byte[] rows = progress.unwritten();
    if (rows == null) {
      return;
    }
    FileChannel open = channel;
    if (open == null) {
      open = open();
      channel = open;
    }
    long position = progress.writtenBytes();
    ByteBuffer buffer = ByteBuffer.wrap(rows);
    while (buffer.hasRemaining()) {
      open.write(buffer, position + buffer.position());
    }
    open.force(false);
  }

  /** Leaves nothing behind what an import that has ended has given back. */
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

  /** Rows hold names and addresses: until it is known who may read them, only the owner does. */
  private FileChannel open() throws IOException {
    Inbox.createForOwner(path);
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
