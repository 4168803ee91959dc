package orderflow.fileimport;

import java.io.Serial;

/** A file was written to while it was being read: it is read on when it is quiet again. */
final class FileChanged extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  FileChanged() {
    super("the file was written to while it was being read");
  }
}
