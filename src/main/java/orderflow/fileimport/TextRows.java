package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into rows by their line ends and leaves what is in a row to a parser, so that a row can
 * be given back byte for byte. In CSV a quoted field may hold line ends (RFC 4180), blanks may
 * stand before its quote, and a lone CR ends a row, too.
 */
final class TextRows implements RowReader {

  private enum At {
    FIELD_START,
    FIELD,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  /** How far the end of a quoted field is looked for when quotes have often not been closed. */
  private static final int SHORT_LOOK = 4096;

  /**
   * How many bytes may be looked at in vain before that, and how many more for each byte that is
   * read: a file full of such quotes takes no longer than another one of its size.
   */
  private static final long VAIN_AT_FIRST = 256L << 20;

  private static final int VAIN_A_BYTE = 16;

  private final InputStream in;
  private final boolean csv;
  private final char delimiter;
  private long vain;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int limit;
  private long consumed;
  private long line = 1;

  private TextRows(InputStream in, boolean csv, char delimiter) throws IOException {
    this.in = in;
    this.csv = csv;
    this.delimiter = delimiter;
    skipBom();
  }

  static TextRows csv(InputStream in, char delimiter) throws IOException {
    return new TextRows(in, true, delimiter);
  }

  static TextRows lines(InputStream in) throws IOException {
    return new TextRows(in, false, '\n');
  }

  @Override
  public @Nullable SourceRow next() throws IOException {
    At at = At.FIELD_START;
    int length = 0;
    int look = longestLook();
    while (true) {
      if (start + length == limit && !fill()) {
        return length == 0 ? null : at == At.QUOTED ? unclosed() : row(length, 0, true);
      }
      byte b = buffer[start + length];
      if (at == At.QUOTED) {
        at = b == '"' ? At.QUOTE_IN_QUOTED : At.QUOTED;
        if (length >= look) {
          return unclosed();
        }
      } else if (b == '\n') {
        boolean crlf = length > 0 && buffer[start + length - 1] == '\r';
        return crlf ? row(length - 1, 2, true) : row(length, 1, true);
      } else if (csv && b == '\r') {
        if (start + length + 1 == limit) {
          fill();
        }
        if (start + length + 1 == limit || buffer[start + length + 1] != '\n') {
          return row(length, 1, true);
        }
      } else if (csv) {
        at = after(at, b);
      }
      length++;
      if (length > SourceRow.LONGEST_KEPT) {
        throw SourceRow.endless(line);
      }
    }
  }

  private At after(At at, byte b) {
    if (b == delimiter || at == At.FIELD_START && (b == ' ' || b == '\t')) {
      return At.FIELD_START;
    }
    return b == '"' && at != At.FIELD ? At.QUOTED : At.FIELD;
  }

  private int longestLook() {
    return vain > VAIN_AT_FIRST + VAIN_A_BYTE * consumed ? SHORT_LOOK : SourceRow.LONGEST;
  }

  /** A quote that is never closed costs its own line only, not all that follow. */
  private SourceRow unclosed() {
    vain += limit - start;
    for (int length = 0; start + length < limit; length++) {
      byte b = buffer[start + length];
      if (b == '\n') {
        boolean crlf = length > 0 && buffer[start + length - 1] == '\r';
        return crlf ? row(length - 1, 2, false) : row(length, 1, false);
      }
    }
    return row(limit - start, 0, false);
  }

  private SourceRow row(int length, int lineEnd, boolean closed) {
    byte[] bytes = Arrays.copyOfRange(buffer, start, start + length);
    String ending =
        lineEnd == 0 ? "" : lineEnd == 2 ? "\r\n" : buffer[start + length] == '\r' ? "\r" : "\n";
    long began = line;
    for (byte b : bytes) {
      line += b == '\n' ? 1 : 0;
    }
    line++;
    start += length + lineEnd;
    consumed += length + lineEnd;
    return new SourceRow(bytes, ending, began, consumed, closed);
  }

  /** Reads more behind what is there; false at the end of the content. */
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, limit - start);
      limit -= start;
      start = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(read, 0);
    return read > 0;
  }

  private void skipBom() throws IOException {
    int length = ByteOrderMark.BYTES.length;
    limit = in.readNBytes(buffer, 0, length);
    if (limit == length && Arrays.equals(Arrays.copyOf(buffer, length), ByteOrderMark.BYTES)) {
      start = length;
      consumed = length;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
