package orderflow.fileimport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a JSON document, a list or a single value, into its elements. */
final class JsonElements implements RowReader {

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

  private final RecentBytes in;
  private final JsonParser parser;
  private boolean begun;
  private boolean list;

  JsonElements(InputStream in) throws IOException {
    this.in = new RecentBytes(ByteOrderMark.skip(in));
    this.parser = JSON.createParser(this.in);
  }

  @Override
  public @Nullable SourceRow next() throws IOException {
    try {
      in.forget(parser.currentLocation().getByteOffset());
      JsonToken token = parser.nextToken();
      if (!begun) {
        begun = true;
        list = token == JsonToken.START_ARRAY;
        token = list ? parser.nextToken() : token;
      } else if (!list && token != null) {
        throw notJson("more than one value; for an order a line the name must end in .jsonl");
      }
      if (token == null) {
        return null;
      }
      return list && token == JsonToken.END_ARRAY ? atEnd() : element();
    } catch (JsonProcessingException e) {
      throw notJson(JsonEntries.fault(e));
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
    in.in.close(); // which the parser does not, so that its position can still be asked for
  }

  private SourceRow element() throws IOException {
    long from = parser.currentTokenLocation().getByteOffset();
    long line = parser.currentTokenLocation().getLineNr();
    parser.skipChildren();
    parser.finishToken();
    long to = parser.currentLocation().getByteOffset();
    return new SourceRow(in.between(from, to), "\n", line, to, true);
  }

  private @Nullable SourceRow atEnd() throws IOException {
    if (parser.nextToken() != null) {
      throw notJson("something follows the list");
    }
    return null;
  }

  private UnreadableFile notJson(String reason) {
    return new UnreadableFile(
        "Line "
            + parser.currentLocation().getLineNr()
            + " is not as JSON must be: "
            + reason
            + ". Correct it and drop the file again.");
  }

  /** Remembers what the parser has read of the element at hand. */
  private final class RecentBytes extends InputStream {

    private final InputStream in;
    private byte[] kept = new byte[1 << 14];
    private int begin;
    private int end;
    private long offset;

    RecentBytes(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      int read = in.read(into, from, most);
      if (read > 0) {
        int length = end - begin;
        if (length + read > SourceRow.LONGEST_KEPT) {
          throw SourceRow.endless(parser.currentTokenLocation().getLineNr());
        }
        if (end + read > kept.length) {
          byte[] room =
              length + read > kept.length
                  ? new byte[Math.max(length + read, 2 * kept.length)]
                  : kept;
          System.arraycopy(kept, begin, room, 0, length);
          kept = room;
          begin = 0;
          end = length;
        }
        System.arraycopy(into, from, kept, end, read);
        end += read;
      }
      return read;
    }

    void forget(long before) {
      int gone = (int) (before - offset);
      if (gone > 0) {
        begin += gone;
        offset = before;
      }
    }

    byte[] between(long from, long to) {
      return Arrays.copyOfRange(kept, begin + (int) (from - offset), begin + (int) (to - offset));
    }
  }
}
