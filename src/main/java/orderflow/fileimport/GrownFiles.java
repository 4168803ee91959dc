package orderflow.fileimport;

import static orderflow.fileimport.FileNames.shown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import orderflow.platform.lease.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings files back into the inbox that were written on after they had been imported. */
final class GrownFiles {

  private static final Logger log = LoggerFactory.getLogger(GrownFiles.class);

  private static final String GREW =
      "The file grew after it was taken; it is back in the inbox, and what is new in it is imported"
          + " from there.";

  private static final int MOST_WATCHED_AT_START = 10_000;

  private final Inbox inbox;
  private final Imports imports;
  private final ImportLeases leases;
  private final MovedFiles movedFiles;
  private final Duration watched;
  private final Clock clock;
  private boolean knowsEarlierMoves;

  /**
   * @param watched for how long a file that was moved is looked at
   */
  GrownFiles(
      Inbox inbox,
      Imports imports,
      ImportLeases leases,
      MovedFiles movedFiles,
      Duration watched,
      Clock clock) {
    this.inbox = inbox;
    this.imports = imports;
    this.leases = leases;
    this.movedFiles = movedFiles;
    this.watched = watched;
    this.clock = clock;
  }

  void bringBack() throws IOException {
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

  private void watchEarlierMoves() throws IOException {
    Instant since = clock.instant().minus(watched);
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
    try (Lease lease = leases.take(name)) {
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
      ImportLeases.requireHeld(lease);
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
}
