package orderflow.outbox;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The records that are sent together, and the wait for their answers. */
final class Round {

  /** When no further answer has come for so long, the others are not waited for. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final Queue<Answer> answers;
  private final Runnable whenLate;
  private final Thread waiting = Thread.currentThread();
  private final AtomicInteger unanswered;
  private volatile boolean left;

  /**
   * @param answers where the answers go
   * @param whenLate is run at each answer that is not waited for any more
   */
  Round(int records, Queue<Answer> answers, Runnable whenLate) {
    this.unanswered = new AtomicInteger(records);
    this.answers = answers;
    this.whenLate = whenLate;
  }

  void answered(Answer answer) {
    answers.add(answer);
    if (unanswered.decrementAndGet() == 0) {
      LockSupport.unpark(waiting);
    }
    if (left) {
      whenLate.run();
    }
  }

  /** Waits for the answers as long as they keep coming. */
  void await() {
    int before = -1;
    int now = unanswered.get();
    while (now > 0 && now != before) {
      before = now;
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (unanswered.get() > 0 && end - System.nanoTime() > 0) {
        LockSupport.parkNanos(end - System.nanoTime());
        if (Thread.currentThread().isInterrupted()) {
          break; // parking would return at once
        }
      }
      now = unanswered.get();
    }
    left = true;
  }
}
