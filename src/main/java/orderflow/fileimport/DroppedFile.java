package orderflow.fileimport;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

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

  /**
   * What is in it: unzipped where the format says so. A file of no bytes holds nothing in any
   * format.
   */
  InputStream content(FileFormat format) throws IOException {
    return format.gzip() && identity.size() > 0 ? Unzipped.of(this) : this;
  }

  /** What the file was when it was taken. */
  FileIdentity identity() {
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
