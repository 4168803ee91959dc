package orderflow.importing;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Imports big files aside, one at a time, so that the small ones go on. */
final class BigFiles {

  private final ThreadPoolExecutor one =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> new Thread(work, "big-file"));

  /** Begins an import; while another is under way it is left for a later look into the inbox. */
  void begin(Runnable work) {
    try {
      one.execute(work);
    } catch (RejectedExecutionException e) {
      // one is under way, or the application stops
    }
  }

  /** Begins no more, and waits for the one under way. */
  void end(Duration atMost) {
    one.shutdown();
    try {
      one.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
