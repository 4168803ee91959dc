package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/** A dropped file's bytes, as many as there were when it was taken. */
final class DroppedFile extends InputStream {

  private final FileChannel channel;
  private final FileIdentity identity;
  private final BooleanSupplier stopping;

  DroppedFile(Path file, FileIdentity identity, BooleanSupplier stopping) throws IOException {
    this.identity = identity;
    this.channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    this.stopping = stopping;
  }

  /** How many bytes have been read; all of them once it is closed. */
  long position() throws IOException {
    return channel.isOpen() ? channel.position() : identity.size();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * Reads some bytes.
   *
   * @throws FileChanged instead of the end if there is more by then, or less: what has been read
   *     last may be a part of something
   */
  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    if (stopping.getAsBoolean()) {
      throw new ImportInterrupted();
    }
    long left = identity.size() - channel.position();
    int read =
        left <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, from, (int) Math.min(most, left)));
    if (read < 0 && channel.size() != identity.size()) {
      throw new FileChanged();
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(Integer.MAX_VALUE, identity.size() - channel.position());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
