package orderflow.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which files came into the inbox as they are. Linux reports a file that is written in place as
 * made and then as modified, and one that is moved there as made alone. Times don't show that where
 * a file is written and moved within one tick of the kernel's clock, as programs do.
 */
final class Arrivals implements AutoCloseable {

  private static final int MOST = 50_000;

  private final Path folder;
  private final Set<Path> arrived = new HashSet<>();
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

  /** Whether a file of this name came as it is, and nothing was written to it since. */
  synchronized boolean includes(Path name) {
    return arrived.contains(name);
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
    } else if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE && arrived.size() < MOST) {
      arrived.add(name);
    } else {
      arrived.remove(name);
    }
  }

  private void stop() {
    arrived.clear();
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
