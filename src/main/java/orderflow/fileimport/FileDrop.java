package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.LeaseLost;
import orderflow.platform.lease.Leases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes a dropped file from the inbox to where it ends, or as far as it can. */
@Component
public class FileDrop implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(FileDrop.class);

  private static final String ALREADY_IMPORTED =
      " What stands before that place has been imported and is passed over then.";

  private static final String VANISHED =
      "It was taken out of the inbox before it had been imported: drop it again if it is still to"
          + " be imported.";

  private static final String GREW =
      "The file grew after it was taken; it is back in the inbox, and what is new in it is imported"
          + " from there.";

  /** Files that wait for a thread; the others wait in the inbox. */
  private static final int MOST_WAITING = 500;

  private static final int MOST_WATCHED_AT_START = 10_000;

  private final Inbox inbox;
  private final Imports imports;
  private final FileImport fileImport;
  private final Leases leases;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final ImportSettings settings;
  private final ImportBackoff setbacks;
  private final MovedFiles movedFiles;
  private final ImportThreads smallFiles;
  private final ImportThreads bigFiles = new ImportThreads("big-file", 1, 0);
  private final Set<Path> inHand = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;
  private boolean knowsEarlierMoves;

  @Autowired
  FileDrop(
      Inbox inbox,
      Imports imports,
      FileImport fileImport,
      ImportSettings settings,
      Leases leases,
      TransactionTemplate transaction,
      Clock clock) {
    this(inbox, imports, fileImport, settings, leases, transaction, clock, System::nanoTime);
  }

  FileDrop(
      Inbox inbox,
      Imports imports,
      FileImport fileImport,
      ImportSettings settings,
      Leases leases,
      TransactionTemplate transaction,
      Clock clock,
      LongSupplier nanoTime) {
    this.inbox = inbox;
    this.imports = imports;
    this.fileImport = fileImport;
    this.leases = leases;
    this.transaction = transaction;
    this.clock = clock;
    this.settings = settings;
    this.setbacks = new ImportBackoff(nanoTime);
    this.movedFiles = new MovedFiles(settings.watchDone(), nanoTime);
    this.smallFiles = new ImportThreads("file", settings.threads(), MOST_WAITING);
  }

  /** The files of the inbox that can be imported now, as many as there are threads and room for. */
  public List<FoundFile> waiting() {
    setbacks.tidy();
    int most = smallFiles.room() + bigFiles.room();
    return stopping || most == 0 ? List.of() : inbox.look(most, this::isFree);
  }

  private boolean isFree(FoundFile file) {
    return !inHand.contains(file.path())
        && !setbacks.isTooEarlyFor(file.path())
        && threadsFor(file).room() > 0;
  }

  private ImportThreads threadsFor(FoundFile file) {
    FileFormat format = FileFormat.of(file.name());
    return format != null && settings.isLarge(file.drop(), format) ? bigFiles : smallFiles;
  }

  /**
   * Has a file imported by a thread of its own, and returns. While there is no thread for it, it is
   * left for a later look into the inbox.
   */
  public void take(FoundFile file) {
    if (stopping || !inHand.add(file.path())) {
      return;
    }
    boolean begun =
        threadsFor(file)
            .begin(
                () -> {
                  try {
                    importNow(file);
                  } finally {
                    inHand.remove(file.path());
                  }
                });
    if (!begun) {
      inHand.remove(file.path());
    }
  }

  /**
   * Imports a file and moves it to {@code done/} or {@code failed/}. If another instance is at it,
   * or the application stops, or the world is away (the database, the disk), the file stays where
   * it is, to be taken again.
   */
  void importNow(FoundFile file) {
    FileFormat format = FileFormat.of(file.name());
    if (stopping || format == null || setbacks.isTooEarlyFor(file.path())) {
      return;
    }
    try {
      if (!format.isImported()) {
        ignore(file);
      } else if (attempt(file, format)) {
        setbacks.over(file.path());
      }
    } catch (ImportInterrupted e) {
      log.info("The import of {} goes on at the next start", shown(file.name()));
    } catch (FileChanged e) {
      log.info(
          "{} was written to while it was being read; its import goes on when it is quiet",
          shown(file.name()));
    } catch (ImportTakenOver e) {
      log.info("{}", e.getMessage());
    } catch (LeaseLost e) {
      log.warn("Another instance may have taken over the import of {}", shown(file.name()));
    } catch (NoSuchFileException e) {
      // another instance has imported it
    } catch (IOException | RuntimeException | Error e) {
      setbacks.failed(file.path(), e); // the thread goes on
    }
  }

  /**
   * Ends the imports whose files somebody has taken out of the inbox; what was refused of them is
   * given back.
   */
  void endVanished(Instant begunBefore) throws IOException {
    if (!inbox.isUsable()) {
      return;
    }
    for (Progress begun : imports.inInboxSince(inbox.id(), begunBefore)) {
      String name = begun.drop().name();
      Path file = inbox.file(name);
      FileFormat format = FileFormat.of(name);
      if (format == null || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (!format.isImported()) {
        imports.leftInbox(begun, null);
        continue;
      }
      try (Lease lease = leases.take(leaseName(name))) {
        if (lease != null) {
          Progress last = imports.progress(begun.id());
          try (RejectedRows rejected = new RejectedRows(inbox.collecting(last.id()))) {
            rejected.write(last);
          }
          Progress ended = last.isRunning() ? end(last, format, VANISHED, lease) : last;
          moveAway(file, null, format, ended, lease);
        }
      }
    }
  }

  /** Brings back into the inbox what was written on after it had been imported. */
  void bringBackGrown() throws IOException {
    if (!inbox.isUsable()) {
      return;
    }
    if (!knowsEarlierMoves) {
      watchEarlierMoves();
      knowsEarlierMoves = true;
    }
    for (MovedFiles.Moved grown : movedFiles.grown()) {
      try {
        bringBack(grown);
      } catch (NoSuchFileException e) {
        // another instance was quicker
      } catch (IOException | RuntimeException e) {
        movedFiles.add(grown);
        throw e;
      }
    }
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }

  /** While the database is still there. */
  @Override
  public void destroy() {
    stopping = true;
    smallFiles.end(Duration.ofSeconds(20));
    bigFiles.end(Duration.ofSeconds(20));
  }

  private String leaseName(String file) throws IOException {
    return "import " + inbox.id() + " " + file;
  }

  /** Says once of a file that it is no file of orders, and leaves it where it is. */
  private void ignore(FoundFile file) throws IOException {
    String reason =
        "No orders are imported from files of this kind, only from " + FileFormat.ENDINGS;
    if (imports.ignore(inbox.id(), file.drop(), reason + ".")) {
      log.warn("{} is ignored: {}", shown(file.name()), reason);
    }
    inbox.isIgnored(file.path());
  }

  /** Imports a file, or returns false if another instance is at it. */
  private boolean attempt(FoundFile file, FileFormat format) throws IOException {
    try (Lease lease = leases.take(leaseName(file.name()))) {
      if (lease == null || !file.sight().isUnchangedIn(FileSight.of(file.path()))) {
        return false;
      }
      String inboxId = inbox.id();
      Progress progress =
          transaction.execute(
              status -> {
                lease.confirm();
                return imports.begin(inboxId, file.drop());
              });
      if (progress.isRunning()) {
        progress = run(file, format, progress, lease);
      }
      if (progress == null) {
        inbox.readSoFar(file.path());
      } else {
        moveAway(file.path(), file.sight(), format, progress, lease);
      }
      return true;
    }
  }

  /** Imports a file to its end. What is not whole has none yet, and null is returned. */
  private @Nullable Progress run(FoundFile file, FileFormat format, Progress found, Lease lease)
      throws IOException {
    try (RejectedRows rejected = new RejectedRows(inbox.collecting(found.id()))) {
      Progress from = found;
      if (!rejected.holds(found.writtenBytes())) {
        log.warn(
            "{} is imported from its beginning again: the file of its rejected rows is gone",
            shown(found.drop().name()));
        from = imports.restart(found);
      }
      rejected.write(from);
      String fault = null;
      try {
        fileImport.run(
            file, format, from, rejected, inbox.scratch(from.id()), lease, () -> stopping);
      } catch (UnreadableFile e) {
        fault = e.getMessage();
      } catch (OtherContent e) {
        log.warn(
            "{} was overwritten while it was being imported: its new content is imported from the"
                + " beginning",
            shown(found.drop().name()));
        imports.close(from);
        throw new FileChanged();
      }
      if (!file.whole()) {
        return null;
      }
      Progress last = imports.progress(found.id());
      return end(
          last,
          format,
          fault == null || last.position() == 0 ? fault : fault + ALREADY_IMPORTED,
          lease);
    }
  }

  private Progress end(Progress last, FileFormat format, @Nullable String error, Lease lease) {
    Path folder = error == null ? inbox.done() : inbox.failed();
    String target =
        Inbox.freeName(
            folder,
            last.drop().name(),
            last.id(),
            Inbox.rejectedEnding(last.content(format)),
            Inbox.ERROR_ENDING);
    Progress ended =
        transaction.execute(
            status -> {
              lease.confirm();
              return imports.end(last, target, error);
            });
    report(ended, folder.resolve(target));
    return ended;
  }

  /**
   * The database knows already where each file goes, so that after a crash in here the same is done
   * again.
   *
   * @param sight what the file was when it was read, or null if it is gone
   */
  private void moveAway(
      Path file, @Nullable FileSight sight, FileFormat format, Progress ended, Lease lease)
      throws IOException {
    Path folder = ended.isDone() ? inbox.done() : inbox.failed();
    String target = String.valueOf(ended.target());
    Path collected = inbox.collecting(ended.id());
    requireHeld(lease);
    try (RejectedRows rejected = new RejectedRows(collected)) {
      rejected.cut(ended.rejectedBytes());
    }
    if (Files.exists(collected)) {
      Inbox.shareReadersOf(file, collected);
      moveToFreeName(
          collected,
          folder,
          FileNames.withEnding(target, Inbox.rejectedEnding(ended.content(format))),
          ended);
    }
    if (ended.error() != null) {
      Path told = folder.resolve(FileNames.withEnding(target, Inbox.ERROR_ENDING));
      Files.writeString(told, ended.error() + "\n");
      Inbox.shareReadersOf(file, told);
    }
    requireHeld(lease);
    boolean isWhatWasRead =
        sight != null && FileIdentity.of(ended.drop().name(), sight).equals(ended.drop());
    Path moved = isWhatWasRead ? moveIfUnchanged(file, sight, folder, target, ended) : null;
    imports.leftInbox(ended, moved == null ? null : String.valueOf(moved.getFileName()));
    if (moved != null) {
      movedFiles.add(
          new MovedFiles.Moved(moved, ended.drop(), Objects.requireNonNull(sight), ended.id()));
    }
  }

  private @Nullable Path moveIfUnchanged(
      Path file, @Nullable FileSight sight, Path folder, String target, Progress ended)
      throws IOException {
    try {
      if (sight == null || !sight.isUnchangedIn(FileSight.of(file))) {
        log.warn(
            "{} was changed after it had been read: it is imported once more",
            shown(ended.drop().name()));
        imports.note(
            ended.id(), "The file was changed after it had been read, and is imported once more.");
        return null;
      }
      return moveToFreeName(file, folder, target, ended);
    } catch (NoSuchFileException e) {
      log.warn("{} was taken out of the inbox", shown(ended.drop().name()));
      return null;
    }
  }

  /** Another file may have taken the name since it was chosen. */
  private static Path moveToFreeName(Path file, Path folder, String name, Progress ended)
      throws IOException {
    try {
      Inbox.move(file, folder.resolve(name));
      return folder.resolve(name);
    } catch (FileAlreadyExistsException e) {
      Path other = folder.resolve(Inbox.freeName(folder, name, ended.id()));
      Inbox.move(file, other);
      return other;
    }
  }

  private void watchEarlierMoves() throws IOException {
    Instant since = clock.instant().minus(settings.watchDone());
    for (Progress ended : imports.movedSince(inbox.id(), since, MOST_WATCHED_AT_START)) {
      Path folder = ended.isDone() ? inbox.done() : inbox.failed();
      movedFiles.add(
          new MovedFiles.Moved(
              folder.resolve(String.valueOf(ended.target())),
              ended.drop(),
              new FileSight(
                  true, ended.drop().size(), FileTime.from(ended.drop().modified()), null, null),
              ended.id()));
    }
  }

  private void bringBack(MovedFiles.Moved grown) throws IOException {
    String name = grown.drop().name();
    try (Lease lease = leases.take(leaseName(name))) {
      if (lease == null) {
        movedFiles.add(grown);
        return;
      }
      imports.note(grown.importId(), GREW);
      Path back = inbox.file(inbox.freeDropName(name, grown.importId()));
      log.warn(
          "{} grew after it was taken: it is back in the inbox as {}, to be imported once more",
          shown(name),
          shown(back.getFileName()));
      requireHeld(lease);
      Inbox.move(grown.path(), back);
      inbox.isWrittenInPlace(back);
      Files.deleteIfExists(
          inbox
              .failed()
              .resolve(
                  FileNames.withEnding(
                      String.valueOf(grown.path().getFileName()), Inbox.ERROR_ENDING)));
    }
  }

  private static void requireHeld(Lease lease) {
    if (!lease.isHeld()) {
      throw new ImportTakenOver(lease.name().split(" ", 3)[2]); // the file, see leaseName
    }
  }

  private static String shown(Object name) {
    return FileNames.shown(name);
  }

  private void report(Progress ended, Path to) {
    double seconds =
        Math.max(1, Duration.between(ended.startedAt(), clock.instant()).toMillis()) / 1e3;
    String many = FileSubject.of(ended.drop().name()).many();
    String counts =
        String.format(
            Locale.ROOT,
            "%d %s accepted, %d duplicates, %d rejected%s in %.1f s (%.0f %s a second)",
            ended.accepted(),
            many,
            ended.duplicates(),
            ended.rejected(),
            ended.skipped() == 0 ? "" : ", " + ended.skipped() + " skipped",
            seconds,
            ended.accepted() / seconds,
            many);
    if (ended.isDone()) {
      log.info("Imported {}: {}; it is now {}", shown(ended.drop().name()), counts, shown(to));
    } else { // the reason may quote from the file, and so stays out of the log
      log.error(
          "{} can't be read to its end, see {}{}; imported up to there: {}",
          shown(ended.drop().name()),
          shown(to),
          Inbox.ERROR_ENDING,
          counts);
    }
  }
}
