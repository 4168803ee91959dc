package orderflow.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import orderflow.platform.startup.StartupException;

/** The file that keeps the embedded database's password, readable by this process's user alone. */
class PasswordFile {

  private static final int PASSWORD_BYTES = 32;

  private final Path path;

  PasswordFile(Path path) {
    this.path = path;
  }

  /**
   * The password, which is letters, digits, {@code -} and {@code _}; empty if the file is missing.
   *
   * @throws StartupException if the file can't be read, or holds something else
   */
  String read() {
    try {
      if (Files.notExists(path)) {
        return "";
      }
      String password = Files.readString(path).strip();
      if (password.matches("[A-Za-z0-9_-]{8,200}")) {
        return password;
      }
    } catch (IOException e) {
      throw new StartupException(
          "the password in " + path + " cannot be read (" + e + "): let this user read it", e);
    }
    throw new StartupException(
        "the file "
            + path
            + " holds no password of 8 to 200 letters, digits, - and _: delete it and a new one is"
            + " made");
  }

  /**
   * The password; if the file is missing, a new one is made and put there, under another name
   * first, so that a start cut short never leaves half a password.
   */
  String readOrMake() throws IOException {
    if (Files.notExists(path)) {
      byte[] password = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(password);
      Path making =
          Files.createTempFile(
              Files.createDirectories(path.toAbsolutePath().getParent()),
              "database-password",
              ".new",
              readableByOwner());
      Files.writeString(
          making, Base64.getUrlEncoder().withoutPadding().encodeToString(password) + "\n");
      Files.move(making, path, StandardCopyOption.ATOMIC_MOVE);
    }
    return read();
  }

  private FileAttribute<?>[] readableByOwner() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
