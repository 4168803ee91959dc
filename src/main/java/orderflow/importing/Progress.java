package orderflow.importing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a file's import has come, as it is saved with each batch of orders.
 *
 * @param position bytes of the content whose orders are settled
 * @param target the file's name in done/ or failed/, once the import has ended
 */
record Progress(
    long id,
    DropIdentity drop,
    String state,
    long position,
    long bytesRead,
    long rejectedBytes,
    long accepted,
    long duplicates,
    long rejected,
    @Nullable String target,
    @Nullable String error,
    Instant startedAt) {

  boolean isRunning() {
    return state.equals("RUNNING");
  }

  boolean isDone() {
    return state.equals("DONE");
  }

  /** After some more orders. */
  Progress plus(DropIdentity drop, long position, long bytesRead, long givenBack, Tally tally) {
    return new Progress(
        id,
        drop,
        state,
        position,
        bytesRead,
        rejectedBytes + givenBack,
        accepted + tally.accepted(),
        duplicates + tally.duplicates(),
        rejected + tally.rejected(),
        target,
        error,
        startedAt);
  }
}
