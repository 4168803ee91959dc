package orderflow.platform.retry;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A thread that does a piece of work again and again: at once while there is more, when woken, and
 * every poll interval. Woken often, it lets the work of some milliseconds come together. A failing
 * piece is retried with growing pauses.
 */
public final class BackgroundLoop implements SmartLifecycle {

  /** A piece of work; it returns whether more is waiting. */
  @FunctionalInterface
  public interface Work {
    boolean doSome() throws Exception;
  }

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  /**
   * Between the beginnings of two pieces, if the first had no more to do: what a commit costs is
   * then paid for all that came meanwhile. Work that comes alone is done at once.
   */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Duration LONGEST_REST = Duration.ofMillis(50);

  private final String name;
  private final Duration poll;
  private final Work work;
  private final OutageLog outage;
  private final Semaphore signal = new Semaphore(0);
  private final AtomicReference<@Nullable Duration> soon = new AtomicReference<>();
  private volatile boolean running;
  private volatile boolean idle;
  private @Nullable Thread thread;

  /**
   * @param name the thread's name, and the subject of the log lines when the work fails
   * @param poll how long to wait at most when nothing wakes it
   */
  public BackgroundLoop(String name, Duration poll, Work work) {
    this.name = name;
    this.poll = poll;
    this.work = work;
    this.outage = new OutageLog(name);
  }

  /**
   * How long to rest after a piece of work that left none: as long as it took, up to 50 ms. On a
   * machine with few processors, pieces take long because requests need these, too; with a rest
   * between them there are fewer pieces, and each does more.
   *
   * @param nanos how long the piece took
   */
  public static Duration restAfter(long nanos) {
    return Duration.ofNanos(Math.min(nanos, LONGEST_REST.toNanos()));
  }

  /** There may be something to do now. */
  public void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /** The wait to come, if it comes to one, lasts no longer than this. */
  public void lookAgainIn(Duration atMost) {
    soon.set(atMost);
  }

  /** Wakes it if it has nothing to do, and returns whether it had. */
  public boolean wakeIfIdle() {
    boolean wakes = idle;
    if (wakes) {
      wake();
    }
    return wakes;
  }

  @Override
  public synchronized void start() {
    running = true;
    thread = new Thread(this::run, name);
    thread.start();
  }

  /** Waits for the piece of work at hand. */
  @Override
  public synchronized void stop() {
    running = false;
    wake();
    if (thread != null) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(20));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    while (running) {
      try {
        long began = System.nanoTime();
        boolean more = work.doSome();
        outage.recovered();
        Duration earlier = soon.getAndSet(null);
        if (!more) {
          long now = System.nanoTime();
          await(
              earlier == null ? poll : earlier,
              Math.max(began + PACE_NANOS, now + restAfter(now - began).toNanos()));
        }
      } catch (InterruptedException e) {
        return;
      } catch (Exception | Error e) { // the thread would end unnoticed
        if (running) {
          pause(BACKOFF.after(outage.failure(e)));
        }
      }
    }
  }

  private void await(Duration atMost, long notBefore) throws InterruptedException {
    idle = true;
    boolean woken = signal.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
    idle = false;
    if (woken) {
      TimeUnit.NANOSECONDS.sleep(notBefore - System.nanoTime());
      signal.drainPermits();
    }
  }

  /** A wake-up does not cut a back-off short, a stop does. */
  private void pause(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    try {
      while (running && System.nanoTime() - end < 0) {
        signal.tryAcquire(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
