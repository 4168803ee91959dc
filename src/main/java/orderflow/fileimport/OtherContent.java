package orderflow.fileimport;

import java.io.Serial;

/** What was imported of a file before is no longer what stands in it. */
final class OtherContent extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  OtherContent() {
    super("what was imported of the file before is no longer what stands in it");
  }
}
