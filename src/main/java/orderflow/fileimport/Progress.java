package orderflow.fileimport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a file's import has come, as it is saved with each batch of orders.
 *
 * @param position bytes of the content whose orders are settled
 * @param check a checksum of the content up to there, or null if none was made
 * @param rejectedBytes how long the file of what is given back is to be
 * @param unwritten what may be missing at its end
 * @param kind what the content was read as, once that is known
 * @param target the file's name in done/ or failed/, once the import has ended
 */
@SuppressWarnings("ArrayRecordComponent")
record Progress(
    long id,
    FileIdentity drop,
    String state,
    long position,
    @Nullable Long check,
    long bytesRead,
    long rejectedBytes,
    byte @Nullable [] unwritten,
    long accepted,
    long duplicates,
    long rejected,
    long skipped,
    @Nullable String kind,
    @Nullable String target,
    @Nullable String error,
    Instant startedAt) {

  boolean isRunning() {
    return state.equals("RUNNING");
  }

  boolean isDone() {
    return state.equals("DONE");
  }

  /** What its content was read as, or else is by its name. */
  FileFormat.Content content(FileFormat byName) {
    return kind == null ? byName.content() : FileFormat.Content.ofKind(kind);
  }

  /** How much of what is given back is on the disk for certain. */
  long writtenBytes() {
    return rejectedBytes - (unwritten == null ? 0 : unwritten.length);
  }

  /**
   * After some more orders.
   *
   * @param givenBack what is given back of them
   */
  Progress plus(Batch<?> batch, byte[] givenBack, Tally tally) {
    return new Progress(
        id,
        drop,
        state,
        batch.end(),
        batch.check(),
        batch.bytesRead(),
        rejectedBytes + givenBack.length,
        givenBack.length == 0 ? null : givenBack,
        accepted + tally.accepted(),
        duplicates + tally.duplicates(),
        rejected + tally.rejected(),
        skipped + tally.skipped(),
        kind,
        target,
        error,
        startedAt);
  }
}
