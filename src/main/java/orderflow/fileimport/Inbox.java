package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import orderflow.platform.retry.OutageLog;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The folder that files are dropped into, with {@code done/} and {@code failed/} where they end.
 */
@Component
public class Inbox implements DisposableBean {

  static final String ERROR_ENDING = ".error.txt";

  private static final Comparator<FoundFile> BY_ARRIVAL =
      Comparator.comparing(Inbox::arrival)
          .thenComparing(file -> file.sight().modified())
          .thenComparing(FoundFile::path);

  private final Path folder;
  private final StableFileCheck settling;
  private final Arrivals arrivals;
  private final Duration completeAfter;
  private final OutageLog outage;
  private final InboxId id;
  private boolean lookedInto;

  @Autowired
  Inbox(@Value("${orderflow.inbox}") Path folder, ImportSettings settings) {
    this(folder, settings, System::nanoTime);
  }

  Inbox(Path folder, ImportSettings settings, LongSupplier nanoTime) {
    this.folder = folder;
    this.settling = new StableFileCheck(settings.stableFor(), settings.completeAfter(), nanoTime);
    this.arrivals = new Arrivals(folder);
    this.completeAfter = settings.completeAfter();
    this.id = new InboxId(folder);
    this.outage = new OutageLog("Watching the inbox " + FileNames.shown(folder));
  }

  /**
   * Makes the folders if they are not there.
   *
   * @return whether files can be read and moved in them; if not, the log says why
   */
  public boolean isUsable() {
    try {
      for (Path needed : new Path[] {folder, done(), failed()}) {
        Files.createDirectories(needed);
        if (!Files.isReadable(needed) || !Files.isWritable(needed) || !Files.isExecutable(needed)) {
          throw new IOException(
              FileNames.shown(needed)
                  + " can't be read and written by this user: change its permissions");
        }
      }
      id.check();
      arrivals.update();
      outage.recovered();
      return true;
    } catch (IOException e) {
      outage.failure(e);
      return false;
    }
  }

  /**
   * Looks for files to import that are not being written.
   *
   * @param most how many to return; of more than that, the first and the latest to arrive in turns,
   *     so that a new one does not wait for all the others
   * @param wanted which of them
   */
  List<FoundFile> look(int most, Predicate<FoundFile> wanted) {
    try {
      return found(most, wanted);
    } catch (IOException e) {
      outage.failure(e);
      return List.of();
    }
  }

  private List<FoundFile> found(int most, Predicate<FoundFile> wanted) throws IOException {
    arrivals.update();
    settling.tidy();
    Duration fileSystemTime = lookedInto ? Duration.ZERO : fileSystemTime();
    PriorityQueue<FoundFile> first = new PriorityQueue<>(BY_ARRIVAL.reversed());
    PriorityQueue<FoundFile> latest = new PriorityQueue<>(BY_ARRIVAL);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path path : files) {
        FoundFile file = find(path, fileSystemTime);
        if (file != null && wanted.test(file)) {
          keep(file, first, most);
          keep(file, latest, most / 2);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    lookedInto = true;
    arrivals.mark();
    return inTurns(first, latest, most);
  }

  private static void keep(FoundFile file, PriorityQueue<FoundFile> kept, int most) {
    kept.add(file);
    if (kept.size() > most) {
      kept.poll();
    }
  }

  private static List<FoundFile> inTurns(
      PriorityQueue<FoundFile> first, PriorityQueue<FoundFile> latest, int most) {
    List<FoundFile> oldest = first.stream().sorted(BY_ARRIVAL).toList();
    if (oldest.size() < most) {
      return oldest;
    }
    List<FoundFile> newest = latest.stream().sorted(BY_ARRIVAL.reversed()).toList();
    Set<FoundFile> chosen = new LinkedHashSet<>();
    for (int i = 0; i < oldest.size() && chosen.size() < most; i++) {
      chosen.add(oldest.get(i));
      if (i < newest.size() && chosen.size() < most) {
        chosen.add(newest.get(i));
      }
    }
    return new ArrayList<>(chosen);
  }

  private static FileTime arrival(FoundFile file) {
    FileTime changed = file.sight().changed();
    return changed == null ? file.sight().modified() : changed;
  }

  private @Nullable FoundFile find(Path path, Duration fileSystemTime) {
    FileFormat format = FileFormat.of(FileNames.of(path));
    if (format == null) {
      return null;
    }
    try {
      FileSight sight = FileSight.of(path);
      if (!sight.regular()) {
        return null;
      }
      StableFileCheck.State state =
          settling.look(path, sight, format, arrivals, quietBefore(sight, fileSystemTime));
      return state == StableFileCheck.State.UNSETTLED
          ? null
          : new FoundFile(path, sight, state == StableFileCheck.State.WHOLE);
    } catch (IOException e) {
      return null; // it went away in the meantime, or can't be read yet
    }
  }

  /**
   * What lay in the inbox at the start was quiet for as long as its file system says, whose own
   * time it is compared with.
   */
  private Duration quietBefore(FileSight sight, Duration fileSystemTime) {
    FileTime changed = sight.changed();
    if (fileSystemTime.isZero() || changed == null) {
      return Duration.ZERO;
    }
    Duration quiet = fileSystemTime.minusMillis(changed.toMillis());
    return quiet.isNegative()
        ? Duration.ZERO
        : quiet.compareTo(completeAfter) > 0 ? completeAfter : quiet;
  }

  /** The time that the inbox's file system gives what is written now, since 1970. */
  private Duration fileSystemTime() {
    try {
      Path probe = Files.createTempFile(folder, ".orderflow-", ".tmp");
      try {
        return Duration.ofMillis(Files.getLastModifiedTime(probe).toMillis());
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  /** A file is no file of orders: it is not found again until it changes. */
  void isIgnored(Path file) {
    settling.isIgnored(file);
  }

  /** What could be read of a file that may still be written was read. */
  void readSoFar(Path file) {
    settling.readSoFar(file);
  }

  /**
   * Treats a file that was moved here as one that is written in place, in every instance: its
   * content is given a later time than its inode, as no rename does.
   */
  void isWrittenInPlace(Path file) throws IOException {
    FileSight sight = FileSight.of(file);
    FileTime changed = sight.changed();
    if (changed != null) {
      Files.setLastModifiedTime(file, FileTime.from(changed.toInstant().plusSeconds(1)));
    }
    arrivals.forget(file.getFileName());
    settling.isWrittenInPlace(file, FileSight.of(file));
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

  /** Where an import may write what does not fit into memory. */
  Path scratch(long importId) {
    return done().resolve(".import-" + importId + ".scratch.part");
  }

  /** Makes a file that only its owner can read: until it is known who else may, only he does. */
  static void createForOwner(Path file) throws IOException {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (FileAlreadyExistsException e) {
      // an earlier attempt has made it
    }
  }

  /**
   * A name that nothing in a folder has, short enough for endings: the file's own, if need be with
   * the number of its import.
   */
  static String freeName(Path folder, String file, long importId, String... endings) {
    if (isFree(folder, file, endings)) {
      return file;
    }
    for (int n = 1; ; n++) {
      String suffix = "." + importId + (n == 1 ? "" : "." + n);
      String name = FileNames.withSuffix(file, suffix, endings);
      if (isFree(folder, name, endings)) {
        return name;
      }
    }
  }

  /**
   * A name in this inbox for a file that comes back: its own or, if there is a new file of that
   * name, one with the number of its import before the ending that gives its format.
   */
  String freeDropName(String name, long importId) {
    if (notThere(file(name))) {
      return name;
    }
    int ending = FileFormat.endingOf(name);
    for (int n = 1; ; n++) {
      String suffix = "." + importId + (n == 1 ? "" : "." + n) + name.substring(ending);
      String other = FileNames.withEnding(name.substring(0, ending), suffix);
      if (notThere(file(other))) {
        return other;
      }
    }
  }

  private static boolean isFree(Path folder, String name, String... endings) {
    boolean free = notThere(folder.resolve(name));
    for (String ending : endings) {
      free &= notThere(folder.resolve(FileNames.withEnding(name, ending)));
    }
    return free;
  }

  static void move(Path file, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.move(file, to);
  }

  /**
   * Gives a file that Orderflow has made of a dropped one its readers, and no others: it holds what
   * the dropped one holds.
   */
  static void shareReadersOf(Path dropped, Path made) {
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(dropped, LinkOption.NOFOLLOW_LINKS);
      Set<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
      kept.addAll(permissions);
      kept.retainAll(PosixFilePermissions.fromString("rw-rw-rw-"));
      kept.addAll(PosixFilePermissions.fromString("rw-------"));
      Files.setPosixFilePermissions(made, kept);
    } catch (NoSuchFileException e) {
      // it stays its owner's alone
    } catch (IOException | UnsupportedOperationException e) {
      // likewise, or the file system has no permissions
    }
  }

  @Override
  public void destroy() {
    arrivals.close();
  }

  static boolean notThere(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  static String rejectedEnding(FileFormat.Content content) {
    return ".rejected." + content.rejectedEnding;
  }
}
