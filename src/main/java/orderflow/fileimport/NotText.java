package orderflow.fileimport;

import java.io.Serial;

/** A file is no text in the charset that it was read in. */
final class NotText extends UnreadableFile {

  @Serial private static final long serialVersionUID = 1;

  NotText(long line, String charset) {
    super(
        "Line "
            + line
            + " is not "
            + charset
            + ": save the file in the encoding UTF-8 and drop it again.");
  }
}
