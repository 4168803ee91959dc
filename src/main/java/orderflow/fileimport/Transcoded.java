package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** A text of another charset as UTF-8. What is no text in that charset ends it with an error. */
final class Transcoded extends InputStream {

  private static final int SIZE = 1 << 14;

  private final InputStream in;
  private final String charset;
  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).flip();
  private final CharBuffer chars = CharBuffer.allocate(SIZE).flip();
  private final ByteBuffer out = ByteBuffer.allocate(4 * SIZE).flip();
  private long line = 1;
  private boolean ended;

  Transcoded(InputStream in, Charset charset, String name) {
    this.in = in;
    this.charset = name;
    this.decoder = charset.newDecoder(); // reports what is malformed
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    while (!out.hasRemaining()) {
      if (ended) {
        return -1;
      }
      more();
    }
    int length = Math.min(most, out.remaining());
    out.get(into, from, length);
    return length;
  }

  private void more() throws IOException {
    bytes.compact();
    int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(0, read)).flip();
    ended = read < 0;
    chars.compact();
    CoderResult decoded = decoder.decode(bytes, chars, ended);
    if (ended && !decoded.isError()) {
      decoded = decoder.flush(chars);
    }
    chars.flip();
    countLines();
    if (decoded.isError()) {
      throw new NotText(line, charset);
    }
    out.clear();
    CoderResult encoded = encoder.encode(chars, out, ended);
    if (encoded.isError()) {
      throw new NotText(line, charset);
    }
    out.flip();
  }

  private void countLines() {
    for (int i = chars.position(); i < chars.limit(); i++) {
      line += chars.get(i) == '\n' ? 1 : 0;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
