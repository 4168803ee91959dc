package orderflow.fileimport;

import java.nio.file.Path;

/**
 * A file of the inbox that can be taken.
 *
 * @param whole whether its end is its end; otherwise its last order is left for later
 */
public record FoundFile(Path path, FileSight sight, boolean whole) {

  /** Its name in the database and in done/. */
  String name() {
    return FileNames.of(path);
  }

  FileIdentity drop() {
    return FileIdentity.of(name(), sight);
  }
}
