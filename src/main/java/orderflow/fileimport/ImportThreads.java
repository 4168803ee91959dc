package orderflow.fileimport;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that import files, with room for some more files to wait for them. */
final class ImportThreads {

  private final int most;
  private final AtomicInteger inHand = new AtomicInteger();
  private final AtomicInteger threads = new AtomicInteger();
  private final ThreadPoolExecutor executor;

  ImportThreads(String name, int threads, int waiting) {
    this.most = threads + waiting;
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> new Thread(work, name + "-" + this.threads.incrementAndGet()));
    executor.allowCoreThreadTimeOut(true);
  }

  /** How many more files can be given to them. */
  int room() {
    return Math.max(0, most - inHand.get());
  }

  /** Begins an import, or returns false if there is no room. */
  boolean begin(Runnable work) {
    if (inHand.incrementAndGet() > most) {
      inHand.decrementAndGet();
      return false;
    }
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } finally {
              inHand.decrementAndGet();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      inHand.decrementAndGet();
      return false; // the application stops
    }
  }

  /** Begins no more, and waits for those under way. */
  void end(Duration atMost) {
    executor.shutdown();
    try {
      executor.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
