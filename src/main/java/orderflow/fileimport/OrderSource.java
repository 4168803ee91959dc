package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The orders of a file, and the form in which its refused rows are given back. */
interface OrderSource {

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

  static OrderSource of(FileFormat.Content content, InputStream in) throws IOException {
    return switch (content) {
      case CSV -> new CsvOrders(TextRows.csv(in));
      case JSONL -> new JsonOrders(TextRows.lines(in));
      case JSON -> new JsonOrders(new JsonElements(in));
    };
  }
}
