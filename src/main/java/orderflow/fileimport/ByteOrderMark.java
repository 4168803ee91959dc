package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/** The three bytes that some programs put before UTF-8. */
final class ByteOrderMark {

  static final byte[] BYTES = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private ByteOrderMark() {}

  static InputStream skip(InputStream in) throws IOException {
    PushbackInputStream rest = new PushbackInputStream(in, BYTES.length);
    byte[] first = rest.readNBytes(BYTES.length);
    if (!Arrays.equals(first, BYTES)) {
      rest.unread(first);
    }
    return rest;
  }
}
