package orderflow.fileimport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import orderflow.platform.json.TextRule;
import orderflow.platform.retry.FailureClassifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts files into the inbox that are sent over HTTP, as they arrive: none is kept in memory. A file
 * is moved into place when all of it is there.
 */
@Component
public class Uploads {

  private static final Logger log = LoggerFactory.getLogger(Uploads.class);

  /** What a file's name must be like. */
  public static final TextRule NAME =
      new TextRule(
          "must be a name of 1 to 200 characters, without / and \\, that ends in "
              + FileFormat.ENDINGS,
          Uploads::isName);

  private static final int AT_ONCE = 4;
  private static final int BUFFER = 1 << 16;

  private final Inbox inbox;
  private final long largest;
  private final Semaphore room = new Semaphore(AT_ONCE);

  Uploads(Inbox inbox, ImportSettings settings) {
    this.inbox = inbox;
    this.largest = settings.maxUpload().toBytes();
  }

  /** What came of a file. */
  public sealed interface Result {

    /**
     * It is in the inbox.
     *
     * @param file the name that it has there: another one if its own was taken
     */
    record Taken(String file, long bytes) implements Result {}

    /** It is larger than uploads may be. */
    record TooLarge(long bytes) implements Result {}

    /** It ended before its end. */
    record CutOff() implements Result {}

    /** As many others as may are arriving. */
    record Busy() implements Result {}

    /** The inbox can't be written. */
    record InboxAway() implements Result {}
  }

  /**
   * Takes a file.
   *
   * @param length in bytes as it was announced; -1 if it was not
   */
  public Result take(String name, InputStream content, long length) {
    if (length > largest) {
      return new Result.TooLarge(largest);
    }
    if (!room.tryAcquire()) {
      return new Result.Busy();
    }
    Path part = inbox.file(".upload-" + UUID.randomUUID() + ".part");
    try {
      return receive(name, content, length, part);
    } catch (IOException e) {
      log.warn("A file can't be put into the inbox: {}", FailureClassifier.reason(e));
      return new Result.InboxAway();
    } finally {
      room.release();
      delete(part);
    }
  }

  private Result receive(String name, InputStream content, long length, Path part)
      throws IOException {
    Inbox.createForOwner(part);
    long bytes = 0;
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = read(content, buffer); read >= 0; read = read(content, buffer)) {
        bytes += read;
        if (bytes > largest) {
          return new Result.TooLarge(largest);
        }
        out.write(buffer, 0, read);
      }
    } catch (SenderGone e) {
      return new Result.CutOff();
    }
    if (length >= 0 && bytes != length) {
      return new Result.CutOff();
    }
    String placed = place(part, name);
    log.info("{} was uploaded, {} bytes", FileNames.shown(placed), bytes);
    return new Result.Taken(placed, bytes);
  }

  /** Under its own name, or with a number before its ending if there is a file of that name. */
  private String place(Path part, String name) throws IOException {
    int ending = FileFormat.endingOf(name);
    for (int n = 1; ; n++) {
      String free = n == 1 ? name : name.substring(0, ending) + "." + n + name.substring(ending);
      try {
        Files.move(part, inbox.file(free));
        return free;
      } catch (FileAlreadyExistsException e) {
        // the next number
      }
    }
  }

  private static int read(InputStream content, byte[] buffer) throws SenderGone {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new SenderGone(e);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      log.warn("{} can't be deleted: {}", part, FailureClassifier.reason(e));
    }
  }

  private static boolean isName(String name) {
    FileFormat format = FileFormat.of(name);
    return name.codePointCount(0, name.length()) <= 200
        && name.codePoints().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))
        && FileNames.withEnding(name, "").equals(name)
        && format != null
        && format.isImported();
  }

  private static final class SenderGone extends IOException {

    private static final long serialVersionUID = 1;

    SenderGone(IOException cause) {
      super(cause);
    }
  }
}
