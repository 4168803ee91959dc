package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of records, each of the same few numbers, in a bounded part of the memory: by
 * the first number, which is not negative, and then by the second. Sorted runs are written to a
 * file and merged when they are read.
 */
final class SortedRecords implements Closeable {

  /** Records that are sorted in memory; a power of two. */
  private static final int RUN = 1 << 16;

  private static final int MERGE_BYTES = 4 << 20;
  private static final int MOST_READ_AT_ONCE = 1 << 14;

  private final int width;
  private final Path spill;
  private final int run;
  private long[] records;
  private int count;
  private int spilled;
  private @Nullable FileChannel channel;

  /**
   * Begins with none.
   *
   * @param width numbers in a record
   * @param spill the file for what does not fit into memory
   */
  SortedRecords(int width, Path spill) {
    this(width, spill, RUN);
  }

  SortedRecords(int width, Path spill, int run) {
    this.width = width;
    this.spill = spill;
    this.run = run;
    this.records = new long[width * Math.min(run, 1024)];
  }

  void add(long... record) throws IOException {
    if (count == run) {
      spill();
    }
    if (count * width == records.length) {
      records = Arrays.copyOf(records, Math.min(2 * records.length, width * run));
    }
    System.arraycopy(record, 0, records, count * width, width);
    count++;
  }

  /** Reads them in their order. Nothing is added after this. */
  Cursor sorted() throws IOException {
    sort();
    if (spilled == 0) {
      return new Run(records, count);
    }
    spill();
    records = new long[0];
    return new Merge();
  }

  /** Reads records in their order. */
  interface Cursor {

    /** The next record, or null after the last; it is valid until the next call. */
    long @Nullable [] next() throws IOException;
  }

  private void spill() throws IOException {
    sort();
    FileChannel open = channel;
    if (open == null) {
      Files.deleteIfExists(spill);
      open =
          FileChannel.open(
              spill,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      channel = open;
    }
    ByteBuffer bytes = ByteBuffer.allocate(MOST_READ_AT_ONCE);
    for (int i = 0; i < count * width; ) {
      bytes.clear();
      while (bytes.remaining() >= Long.BYTES && i < count * width) {
        bytes.putLong(records[i++]);
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
    }
    spilled += count > 0 ? 1 : 0;
    count = 0;
  }

  /**
   * Sorts the numbers by their leading bits with their places in the lowest ones, which the JDK
   * does fast, and then puts the records into these places; what agrees in the leading bits is
   * sorted by insertion.
   */
  private void sort() {
    long widest = 0;
    for (int i = 0; i < count; i++) {
      widest |= records[i * width];
    }
    int shift = Math.max(0, Long.numberOfLeadingZeros(widest) - 1);
    int places = Integer.highestOneBit(Math.max(1, run - 1)) * 2 - 1;
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = (records[i * width] << shift) & ~(long) places | i;
    }
    Arrays.sort(keys);
    long[] sorted = new long[records.length];
    for (int i = 0; i < count; i++) {
      int from = (int) (keys[i] & places) * width;
      int to = i;
      while (to > 0 && compare(records, from, sorted, (to - 1) * width) < 0) {
        System.arraycopy(sorted, (to - 1) * width, sorted, to * width, width);
        to--;
      }
      System.arraycopy(records, from, sorted, to * width, width);
    }
    records = sorted;
  }

  private static int compare(long[] a, int i, long[] b, int j) {
    int first = Long.compare(a[i], b[j]);
    return first != 0 ? first : Long.compare(a[i + 1], b[j + 1]);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private final class Run implements Cursor {

    private final long[] all;
    private final int end;
    private final long[] record = new long[width];
    private int next;

    Run(long[] all, int end) {
      this.all = all;
      this.end = end;
    }

    @Override
    public long @Nullable [] next() {
      if (next == end) {
        return null;
      }
      System.arraycopy(all, next++ * width, record, 0, width);
      return record;
    }
  }

  private final class Merge implements Cursor {

    private final PriorityQueue<Part> parts =
        new PriorityQueue<>(
            Comparator.<Part>comparingLong(part -> part.record[0])
                .thenComparingLong(part -> part.record[1]));
    private @Nullable Part latest;

    Merge() throws IOException {
      long length = (long) run * width * Long.BYTES;
      long size = open().size();
      int atOnce =
          Math.max(
              width * Long.BYTES,
              Math.min(MOST_READ_AT_ONCE, MERGE_BYTES / spilled)
                  / (width * Long.BYTES)
                  * (width * Long.BYTES));
      for (long from = 0; from < size; from += length) {
        Part part = new Part(from, Math.min(size, from + length), atOnce);
        if (part.advance()) {
          parts.add(part);
        }
      }
    }

    @Override
    public long @Nullable [] next() throws IOException {
      if (latest != null && latest.advance()) {
        parts.add(latest);
      }
      latest = parts.poll();
      return latest == null ? null : latest.record;
    }
  }

  private FileChannel open() throws IOException {
    if (channel == null) {
      throw new IOException("the file of sorted records is closed");
    }
    return channel;
  }

  private final class Part {

    private final long[] record = new long[width];
    private final ByteBuffer buffer;
    private final long end;
    private long position;

    Part(long from, long end, int atOnce) {
      this.position = from;
      this.end = end;
      this.buffer = ByteBuffer.allocate(atOnce).flip();
    }

    boolean advance() throws IOException {
      if (!buffer.hasRemaining() && !fill()) {
        return false;
      }
      for (int i = 0; i < width; i++) {
        record[i] = buffer.getLong();
      }
      return true;
    }

    private boolean fill() throws IOException {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
      while (buffer.hasRemaining()) {
        int read = open().read(buffer, position);
        if (read < 0) {
          throw new IOException("the file of sorted records ends too early");
        }
        position += read;
      }
      buffer.flip();
      return buffer.hasRemaining();
    }
  }
}
