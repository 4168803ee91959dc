package orderflow.platform.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import orderflow.platform.startup.StartupException;

/** The file with the API key that the application generated, readable by its user alone. */
class ApiKeyFile {

  private final Path path;

  ApiKeyFile(Path path) {
    this.path = path;
  }

  /** The key in the file; the first start generates one. */
  ApiKey key() {
    try {
      if (Files.notExists(path)) {
        make();
      }
      return ApiKey.ofOperator(Files.readString(path).strip());
    } catch (IOException e) {
      throw new StartupException(
          "the API key in "
              + path
              + " can be neither read nor made ("
              + e
              + "): let this user read and write it, or set ORDERFLOW_API_KEY",
          e);
    } catch (IllegalArgumentException e) {
      throw new StartupException(
          "the file "
              + path
              + " holds no API key ("
              + e.getMessage()
              + "): delete it and a new one is made, or set ORDERFLOW_API_KEY",
          e);
    }
  }

  /** Moves the file into place, so that no reader and no aborted start leaves half a key. */
  private void make() throws IOException {
    Path making =
        Files.createTempFile(
            Files.createDirectories(path.toAbsolutePath().getParent()),
            "api-key",
            ".new",
            readableByOwner());
    Files.writeString(making, NewKey.random() + "\n");
    Files.move(making, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private FileAttribute<?>[] readableByOwner() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
