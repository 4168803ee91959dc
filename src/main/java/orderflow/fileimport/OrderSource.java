package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The orders of a file, and the form in which its refused rows are given back. */
interface OrderSource extends Closeable {

  /** A file without orders. */
  OrderSource NONE =
      new OrderSource() {
        @Override
        public @Nullable ParsedOrder next() {
          return null;
        }

        @Override
        public byte[] rejectedHeader() {
          return new byte[0];
        }

        @Override
        public byte[] rejected(SourceRow row, String error) {
          return new byte[0];
        }

        @Override
        public void close() {
          // there is nothing to be closed
        }
      };

  /**
   * The next order, or null after the last.
   *
   * @throws UnreadableFile if the rest of the file can't be read
   */
  @Nullable ParsedOrder next() throws IOException;

  /** What the file of refused rows begins with. */
  byte[] rejectedHeader();

  /** The row as it was, with its line and what is wrong. */
  byte[] rejected(SourceRow row, String error);
}
