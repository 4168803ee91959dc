package orderflow.fileimport;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log every few seconds how far an import is. */
final class ProgressLog {

  private static final Logger log = LoggerFactory.getLogger(ProgressLog.class);

  private final Duration every;
  private final long bytesBefore;
  private final long began = System.nanoTime();
  private long told = began;
  private long rows;

  ProgressLog(Progress from, Duration every) {
    this.every = every;
    this.bytesBefore = from.bytesRead();
  }

  void placed(Batch<?> batch, Progress progress) {
    rows += batch.rows();
    long now = System.nanoTime();
    if (now - told < every.toNanos()) {
      return;
    }
    told = now;
    double seconds = (now - began) / 1e9;
    long total = progress.drop().size();
    double bytesASecond = Math.max(1, progress.bytesRead() - bytesBefore) / seconds;
    log.info(
        "Importing {}: {} rows, {} a second, {} % read, about {} s left",
        FileNames.shown(progress.drop().name()),
        rows,
        Math.round(rows / seconds),
        total == 0 ? 100 : 100 * progress.bytesRead() / total,
        Math.round((total - progress.bytesRead()) / bytesASecond));
  }
}
