package orderflow.importing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import orderflow.background.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The folder that files are dropped into, with {@code done/} and {@code failed/} where they end.
 */
@Component
public class Inbox {

  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  static final String ERROR_ENDING = ".error.txt";

  /** What file systems allow a name, in bytes. */
  private static final int LONGEST_NAME = 255;

  private final Path folder;
  private final Settling settling;
  private final Outage outage;
  private final InboxId id;
  private volatile boolean unreadableNameTold;

  Inbox(@Value("${orderflow.inbox}") Path folder, ImportSettings settings, Clock clock) {
    this.folder = folder;
    this.settling = new Settling(settings.quiet(), clock);
    this.id = new InboxId(folder);
    this.outage = new Outage("Watching the inbox " + folder);
  }

  /**
   * Makes the folders if they are not there, and tells whether files can be read and moved in them.
   */
  public boolean isUsable() {
    settling.tidy();
    try {
      for (Path needed : new Path[] {folder, done(), failed()}) {
        Files.createDirectories(needed);
        if (!Files.isReadable(needed) || !Files.isWritable(needed) || !Files.isExecutable(needed)) {
          throw new IOException(
              needed + " can't be read and written by this user: change its permissions");
        }
      }
      id.check();
      outage.over();
      return true;
    } catch (IOException e) {
      outage.failed(e);
      return false;
    }
  }

  /** Whether this is a file to be imported and nobody writes to it any more. */
  public boolean holdsWhole(File found) {
    try {
      Path file = found.toPath();
      String name = file.getFileName().toString();
      return FileFormat.of(name) != null
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && settling.isWhole(file);
    } catch (IOException e) {
      return false; // it went away in the meantime
    } catch (InvalidPathException e) {
      tellOfUnreadableName();
      return false;
    }
  }

  /** Java takes the encoding of names from the locale; in the locale C that is ASCII. */
  private void tellOfUnreadableName() {
    if (!unreadableNameTold) {
      unreadableNameTold = true;
      log.warn(
          "A file in the inbox has a name that can't be read in this process's locale, and stays there: start"
              + " Orderflow with LC_ALL=C.UTF-8, or give the file another name");
    }
  }

  /** What tells this inbox from others, under whatever path it is mounted. */
  String id() throws IOException {
    return id.check();
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path done() {
    return folder.resolve("done");
  }

  Path failed() {
    return folder.resolve("failed");
  }

  /** Where what was refused is collected until the file it came from ends. */
  Path collecting(long importId) {
    return done().resolve(".import-" + importId + ".part");
  }

  /**
   * A name that nothing in a folder has, short enough for endings: the file's own, if need be with
   * a number.
   */
  static String freeName(Path folder, String file, String... endings) {
    for (int n = 1; ; n++) {
      String name = n == 1 ? file : file + "." + n;
      boolean free = notThere(folder.resolve(name));
      for (String ending : endings) {
        free &= notThere(folder.resolve(withEnding(name, ending)));
      }
      if (free) {
        return name;
      }
    }
  }

  /** The name with an ending, its own end cut where both would be too long for a file system. */
  static String withEnding(String name, String ending) {
    String start = name;
    while ((start + ending).getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
    }
    return start + ending;
  }

  static void move(Path file, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean notThere(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  static String rejectedEnding(FileFormat format) {
    return ".rejected." + format.content().rejectedEnding;
  }
}
