package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which files came into the inbox as they are. Linux reports a file that is written in place as
 * made and then as modified, and one that is moved there as made alone. Times don't show that where
 * a file is written and moved within one tick of the kernel's clock, as programs do.
 *
 * <p>A thread of the JVM passes the reports on, in their order but some time later. So a mark,
 * which is a file made and deleted at once, follows each look: when it is reported, all that was
 * written before it has been reported, too.
 */
final class Arrivals implements AutoCloseable {

  private static final int MOST = 50_000;

  private final Path folder;
  private final Set<Path> arrived = new HashSet<>();
  private final Map<Path, Long> unreported = new HashMap<>();
  private long lastMark;
  private long lastReported;
  private boolean markWanted;
  private @Nullable WatchService service;
  private @Nullable WatchKey key;
  private @Nullable Object watched;

  Arrivals(Path folder) {
    this.folder = folder;
  }

  /** Takes in what has happened since the last call. */
  synchronized void update() {
    try {
      Object node = Files.readAttributes(folder, "*").get("fileKey");
      if (key == null || !key.isValid() || node == null || !node.equals(watched)) {
        begin(node);
      }
      WatchKey current = key;
      if (current != null) {
        current.pollEvents().forEach(this::note);
        current.reset();
      }
    } catch (IOException | UnsupportedOperationException e) {
      stop(); // the times alone decide
    }
  }

  /** The number of the mark that follows what is seen now of a file of this name. */
  synchronized long markAfter(Path name) {
    markWanted |= arrived.contains(name);
    return lastMark + 1;
  }

  /**
   * Whether a file of this name came as it is, and nothing was written to it since.
   *
   * @param mark the one that followed when the file was seen as it is; no is the answer until that
   *     is reported
   */
  synchronized boolean includes(Path name, long mark) {
    boolean includes = arrived.contains(name);
    markWanted |= includes && mark > lastMark;
    return includes && mark <= lastReported;
  }

  /** Makes a mark if one is asked for. */
  synchronized void mark() {
    if (!markWanted) {
      return;
    }
    markWanted = false;
    try {
      Path mark = Files.createTempFile(folder, ".orderflow-", ".tmp");
      unreported.put(mark.getFileName(), ++lastMark);
      Files.delete(mark);
    } catch (IOException e) {
      // the next look makes one, or the times alone decide
    }
  }

  synchronized void forget(Path name) {
    arrived.remove(name);
  }

  @Override
  public synchronized void close() {
    stop();
  }

  private void begin(@Nullable Object node) throws IOException {
    stop();
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
      return; // elsewhere the folder is polled, and events don't say this
    }
    WatchService begun = folder.getFileSystem().newWatchService();
    service = begun;
    key =
        folder.register(
            begun,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
    watched = node;
  }

  private void note(WatchEvent<?> event) {
    if (!(event.context() instanceof Path name)) {
      arrived.clear(); // events were lost
      unreported.clear();
      return;
    }
    Long mark = unreported.remove(name);
    if (mark != null) {
      lastReported = mark;
    } else if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE && arrived.size() < MOST) {
      arrived.add(name);
    } else {
      arrived.remove(name);
    }
  }

  private void stop() {
    arrived.clear();
    unreported.clear();
    key = null;
    WatchService old = service;
    service = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        // nothing is left to be done with it
      }
    }
  }
}
