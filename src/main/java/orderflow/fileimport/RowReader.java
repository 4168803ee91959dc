package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a file, one after the other. */
interface RowReader extends Closeable {

  /**
   * The next one, or null after the last.
   *
   * @throws UnreadableFile if there is no telling where it ends, or it is not what the file's name
   *     says
   */
  @Nullable SourceRow next() throws IOException;
}
