package orderflow.fileimport;

import static orderflow.fileimport.FileNames.shown;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import orderflow.platform.lease.Lease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Says how a file's import ended, and moves the file to where it then belongs. */
final class FileEnding {

  private static final Logger log = LoggerFactory.getLogger(FileEnding.class);

  private final Inbox inbox;
  private final Imports imports;
  private final MovedFiles movedFiles;
  private final TransactionTemplate transaction;
  private final Clock clock;

  FileEnding(
      Inbox inbox,
      Imports imports,
      MovedFiles movedFiles,
      TransactionTemplate transaction,
      Clock clock) {
    this.inbox = inbox;
    this.imports = imports;
    this.movedFiles = movedFiles;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Saves that a file has been imported to its end, or as far as it can be read.
   *
   * @param error why it can't be read further, or null
   */
  Progress end(Progress last, FileFormat format, @Nullable String error, Lease lease) {
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
  void moveAway(
      Path file, @Nullable FileSight sight, FileFormat format, Progress ended, Lease lease)
      throws IOException {
    Path folder = ended.isDone() ? inbox.done() : inbox.failed();
    String target = String.valueOf(ended.target());
    Path collected = inbox.collecting(ended.id());
    ImportLeases.requireHeld(lease);
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
      Path reason = folder.resolve(FileNames.withEnding(target, Inbox.ERROR_ENDING));
      Files.writeString(reason, ended.error() + "\n");
      Inbox.shareReadersOf(file, reason);
    }
    ImportLeases.requireHeld(lease);
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
