package orderflow.fileimport;

import static orderflow.fileimport.FileNames.shown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  /** Files that wait for a thread; the others wait in the inbox. */
  private static final int MOST_WAITING = 500;

  private final Inbox inbox;
  private final Imports imports;
  private final FileImport fileImport;
  private final TransactionTemplate transaction;
  private final ImportSettings settings;
  private final ImportLeases leases;
  private final FileEnding ending;
  private final GrownFiles grown;
  private final ImportBackoff setbacks;
  private final ImportThreads smallFiles;
  private final ImportThreads bigFiles = new ImportThreads("big-file", 1, 0);
  private final Set<Path> inHand = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

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
    this.transaction = transaction;
    this.settings = settings;
    this.leases = new ImportLeases(leases, inbox);
    MovedFiles movedFiles = new MovedFiles(settings.watchDone(), nanoTime);
    this.ending = new FileEnding(inbox, imports, movedFiles, transaction, clock);
    this.grown =
        new GrownFiles(inbox, imports, this.leases, movedFiles, settings.watchDone(), clock);
    this.setbacks = new ImportBackoff(nanoTime);
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
      try (Lease lease = leases.take(name)) {
        if (lease != null) {
          Progress last = imports.progress(begun.id());
          try (RejectedRows rejected = new RejectedRows(inbox.collecting(last.id()))) {
            rejected.write(last);
          }
          Progress ended = last.isRunning() ? ending.end(last, format, VANISHED, lease) : last;
          ending.moveAway(file, null, format, ended, lease);
        }
      }
    }
  }

  /** Brings back into the inbox what was written on after it had been imported. */
  void bringBackGrown() throws IOException {
    grown.bringBack();
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
    try (Lease lease = leases.take(file.name())) {
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
        ending.moveAway(file.path(), file.sight(), format, progress, lease);
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
      return ending.end(
          last,
          format,
          fault == null || last.position() == 0 ? fault : fault + ALREADY_IMPORTED,
          lease);
    }
  }
}
