package orderflow.fileimport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file's import as clients see it.
 *
 * @param state RUNNING, DONE or FAILED
 * @param reason why it failed, or what has been noticed since it ended
 * @param bytesRead of the file as it is on disk
 * @param accepted orders; so are duplicates and rejected
 */
public record Import(
    long id,
    String file,
    String state,
    @Nullable String reason,
    long bytesRead,
    long bytesTotal,
    long accepted,
    long duplicates,
    long rejected,
    Instant startedAt,
    @Nullable Instant finishedAt) {}
