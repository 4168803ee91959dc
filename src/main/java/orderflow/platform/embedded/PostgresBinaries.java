package orderflow.platform.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import orderflow.platform.startup.StartupException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked once from the archive that comes in the jar. */
class PostgresBinaries {

  private final Path folder;

  private PostgresBinaries(Path folder) {
    this.folder = folder;
  }

  /** Unpacks beside the folder first, so that a start cut short leaves no half of it behind. */
  static PostgresBinaries in(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      Path unpacking = folder.resolveSibling(folder.getFileName() + ".new");
      FileSystemUtils.deleteRecursively(unpacking);
      try (InputStream archive = PostgresBinaries.class.getResourceAsStream(archiveName())) {
        if (archive == null) {
          throw new StartupException(
              "no embedded PostgreSQL for this system comes with this jar ("
                  + archiveName()
                  + "): set SPRING_DATASOURCE_URL to a PostgreSQL of yours");
        }
        unpack(archive, unpacking);
      }
      Files.move(unpacking, folder, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresBinaries(folder);
  }

  Path program(String name) {
    return folder.resolve("bin").resolve(isWindows() ? name + ".exe" : name);
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        Path file = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          file.toFile().setExecutable((entry.getMode() & 0100) != 0, false);
        }
      }
    }
  }

  private static String archiveName() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    return "/postgres-"
        + (isWindows() ? "windows" : system.startsWith("mac") ? "darwin" : "linux")
        + "-"
        + machine
        + ".txz";
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }
}
