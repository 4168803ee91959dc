package orderflow.fileimport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file's import as clients see it.
 *
 * @param state RUNNING, DONE, FAILED, or IGNORED for what is no file of orders
 * @param reason why it failed or is ignored, or what has been noticed since it ended
 * @param format what it was read as, once that is known
 * @param bytesRead of the file as it is on disk
 * @param accepted orders; so are duplicates, rejected and skipped, which a profile passes over
 */
public record Import(
    long id,
    String file,
    String state,
    @Nullable String reason,
    @Nullable ImportFormat format,
    long bytesRead,
    long bytesTotal,
    long accepted,
    long duplicates,
    long rejected,
    long skipped,
    Instant startedAt,
    @Nullable Instant finishedAt) {}
