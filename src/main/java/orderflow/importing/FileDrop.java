package orderflow.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Takes a dropped file from the inbox to where it ends, or as far as it can. */
@Component
public class FileDrop implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(FileDrop.class);

  private static final String ALREADY_IMPORTED =
      " The orders before that place have been imported and are passed over then.";

  private static final String VANISHED =
      "It was taken out of the inbox before it had been imported: drop it again if it is still to"
          + " be imported.";

  private final Inbox inbox;
  private final Imports imports;
  private final FileImport fileImport;
  private final DataSource database;
  private final Clock clock;
  private final ImportSettings settings;
  private final Setbacks setbacks;
  private final BigFiles bigFiles = new BigFiles();
  private volatile boolean stopping;

  FileDrop(
      Inbox inbox,
      Imports imports,
      FileImport fileImport,
      ImportSettings settings,
      DataSource database,
      Clock clock) {
    this.inbox = inbox;
    this.imports = imports;
    this.fileImport = fileImport;
    this.settings = settings;
    this.database = database;
    this.clock = clock;
    this.setbacks = new Setbacks(clock);
  }

  /**
   * Imports a file and moves it to {@code done/} or {@code failed/}. If another instance is at it,
   * or the application stops, or the world is away (the database, the disk), the file stays where
   * it is, to be taken again. A big file is imported aside, after this has returned.
   */
  public void take(Path file) {
    FileFormat format = FileFormat.of(file.getFileName().toString());
    if (stopping || format == null || setbacks.isTooEarlyFor(file)) {
      return;
    }
    try {
      if (settings.isBig(DropIdentity.of(file), format)) {
        bigFiles.begin(() -> take(file, format));
      } else {
        take(file, format);
      }
    } catch (NoSuchFileException e) {
      // another instance has imported it
    } catch (IOException e) {
      setbacks.failed(file, e);
    }
  }

  private void take(Path file, FileFormat format) {
    try {
      attempt(file, format);
      setbacks.over(file);
    } catch (Stopping e) {
      log.info("The import of {} goes on at the next start", file.getFileName());
    } catch (ImportLost e) {
      log.info("{}", e.getMessage());
    } catch (IOException | SQLException | RuntimeException | Error e) {
      setbacks.failed(file, e); // an error too: Camel would take the file for one under way
    }
  }

  /**
   * Ends the imports whose files somebody has taken out of the inbox; what was refused of them is
   * given back.
   */
  void endVanished(Instant begunBefore) throws IOException, SQLException {
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
      try (Claim claim = Claim.of(inbox.id(), name, database)) {
        if (claim != null) {
          Progress last = imports.progress(begun.id());
          moveAway(
              file,
              format,
              last.isRunning() ? end(last, format, VANISHED) : last,
              inbox.collecting(last.id()));
        }
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
    bigFiles.end(Duration.ofSeconds(20));
  }

  private void attempt(Path file, FileFormat format) throws IOException, SQLException {
    try (Claim claim = Claim.of(inbox.id(), file.getFileName().toString(), database)) {
      if (claim == null || Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      Progress progress = imports.begin(inbox.id(), DropIdentity.of(file));
      Path collected = inbox.collecting(progress.id());
      if (progress.isRunning()) {
        progress = run(file, format, progress, collected);
      }
      moveAway(file, format, progress, collected);
    }
  }

  private Progress run(Path file, FileFormat format, Progress found, Path collected)
      throws IOException {
    try (RejectedRows rejected = new RejectedRows(collected)) {
      Progress from = found;
      if (!rejected.holds(found.rejectedBytes())) {
        log.warn(
            "{} is imported from its beginning again: {} is gone", found.drop().name(), collected);
        from = imports.restart(found);
      }
      rejected.cut(from.rejectedBytes());
      String fault = null;
      try {
        fileImport.run(file, format, from, rejected, () -> stopping);
      } catch (UnreadableFile e) {
        fault = e.getMessage();
      }
      Progress last = imports.progress(found.id());
      rejected.cut(last.rejectedBytes());
      return end(
          last, format, fault == null || last.position() == 0 ? fault : fault + ALREADY_IMPORTED);
    }
  }

  private Progress end(Progress last, FileFormat format, @Nullable String error) {
    Path folder = error == null ? inbox.done() : inbox.failed();
    String name = last.drop().name();
    String target = Inbox.freeName(folder, name, Inbox.rejectedEnding(format), Inbox.ERROR_ENDING);
    Progress ended = imports.end(last, target, error);
    tell(ended, folder.resolve(target));
    return ended;
  }

  /**
   * The database knows already where each file goes, so that after a crash in here the same is done
   * again.
   */
  private void moveAway(Path file, FileFormat format, Progress ended, Path collected)
      throws IOException {
    Path folder = ended.isDone() ? inbox.done() : inbox.failed();
    String target = String.valueOf(ended.target());
    if (Files.exists(collected)) {
      Inbox.move(collected, folder.resolve(Inbox.withEnding(target, Inbox.rejectedEnding(format))));
    }
    if (ended.error() != null) {
      Files.writeString(
          folder.resolve(Inbox.withEnding(target, Inbox.ERROR_ENDING)), ended.error() + "\n");
    }
    try {
      if (DropIdentity.of(file).equals(ended.drop())) {
        Inbox.move(file, folder.resolve(target));
      } else {
        log.warn(
            "{} was changed after it had been read: it is imported once more", ended.drop().name());
      }
    } catch (NoSuchFileException e) {
      log.warn("{} was taken out of the inbox", ended.drop().name());
    }
    imports.leftInbox(ended);
  }

  private void tell(Progress ended, Path to) {
    double seconds =
        Math.max(1, Duration.between(ended.startedAt(), clock.instant()).toMillis()) / 1e3;
    String counts =
        String.format(
            Locale.ROOT,
            "%d orders accepted, %d duplicates, %d rejected in %.1f s (%.0f orders a second)",
            ended.accepted(),
            ended.duplicates(),
            ended.rejected(),
            seconds,
            ended.accepted() / seconds);
    if (ended.isDone()) {
      log.info("Imported {}: {}; it is now {}", ended.drop().name(), counts, to);
    } else { // the reason may quote from the file, and so stays out of the log
      log.error(
          "{} can't be read, see {}{}; before: {}",
          ended.drop().name(),
          to,
          Inbox.ERROR_ENDING,
          counts);
    }
  }
}
