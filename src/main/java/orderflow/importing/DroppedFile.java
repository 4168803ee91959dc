package orderflow.importing;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A dropped file's bytes. Should it grow while they are read, its end is waited for. */
final class DroppedFile extends InputStream {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Path file;
  private final FileChannel channel;
  private final Duration quiet;
  private final BooleanSupplier stopping;
  private DropIdentity identity;

  DroppedFile(Path file, DropIdentity identity, Duration quiet, BooleanSupplier stopping)
      throws IOException {
    this.file = file;
    this.identity = identity;
    this.channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    this.quiet = quiet;
    this.stopping = stopping;
  }

  /**
   * What is in it: unzipped where the format says so. A file of no bytes holds nothing in any
   * format.
   */
  InputStream content(FileFormat format) throws IOException {
    return format.gzip() && identity.size() > 0 ? Unzipped.of(this) : this;
  }

  /** What the file was when its end was last seen. */
  DropIdentity identity() {
    return identity;
  }

  /** How many bytes have been read. */
  long position() throws IOException {
    return channel.position();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    int read = channel.read(ByteBuffer.wrap(into, from, most));
    while (read < 0 && hasGrown()) {
      read = channel.read(ByteBuffer.wrap(into, from, most));
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(Integer.MAX_VALUE, channel.size() - channel.position());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private boolean hasGrown() throws IOException {
    long size = channel.size();
    if (size < identity.size()) {
      throw new UnreadableFile("It was overwritten while it was being read: drop it again.");
    }
    if (size == identity.size()) {
      return false;
    }
    long unchangedSince = System.nanoTime();
    while (System.nanoTime() - unchangedSince < quiet.toNanos()) {
      pause();
      if (channel.size() != size) {
        size = channel.size();
        unchangedSince = System.nanoTime();
      }
    }
    DropIdentity grown = DropIdentity.of(file);
    identity =
        grown.size() == size ? grown : new DropIdentity(identity.name(), size, identity.modified());
    return true;
  }

  private void pause() {
    if (stopping.getAsBoolean()) {
      throw new Stopping();
    }
    try {
      Thread.sleep(LOOK_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopping();
    }
  }

  /** Tells a broken gzip file from a broken disk. */
  private static final class Unzipped extends FilterInputStream {

    private Unzipped(InputStream in) {
      super(in);
    }

    static InputStream of(InputStream zipped) throws IOException {
      try {
        return new Unzipped(new GZIPInputStream(zipped, 1 << 16));
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      try {
        return super.read(into, from, most);
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
    }

    private static UnreadableFile broken(IOException e) {
      return new UnreadableFile(
          "It is no whole gzip file ("
              + e.getMessage()
              + "): compress it again and drop it again.");
    }
  }
}
