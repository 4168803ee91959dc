package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The entries of a file, and the form in which its refused rows are given back. */
interface EntrySource extends Closeable {

  /** A file without entries. */
  EntrySource NONE =
      new EntrySource() {
        @Override
        public @Nullable ParsedEntry next() {
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
   * The next entry, or null after the last.
   *
   * @throws UnreadableFile if the rest of the file can't be read
   */
  @Nullable ParsedEntry next() throws IOException;

  /** What the file of refused rows begins with. */
  byte[] rejectedHeader();

  /** The row as it was, with its line and what is wrong. */
  byte[] rejected(SourceRow row, String error);
}
