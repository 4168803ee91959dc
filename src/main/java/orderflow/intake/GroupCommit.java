package orderflow.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import orderflow.order.NewOrder;
import orderflow.outbox.Priority;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.retry.FailureClassifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * Commits together the orders that arrive together: one fsync for all of them, and a campaign
 * coupon's row is locked once for all. An order that comes alone is committed by the thread of its
 * request: where processors are few, handing it over takes longer than the commit.
 */
@Component
public class GroupCommit implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  private static final int ATTEMPTS = 5;

  private record Waiting(NewOrder order, CompletableFuture<PlacementResult> answer, long since) {}

  private final Intake intake;
  private final IntakeSettings settings;
  private final PlacementCounts counts;
  private final BlockingQueue<Waiting> queue;

  /** One permit for each transaction that may run at the same time: each has a connection. */
  private final Semaphore transactions;

  /** Wakes a writer: orders are in the queue. */
  private final Semaphore queued = new Semaphore(0);

  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean running;

  GroupCommit(Intake intake, IntakeSettings settings, PlacementCounts counts) {
    this.intake = intake;
    this.settings = settings;
    this.counts = counts;
    this.queue = new ArrayBlockingQueue<>(settings.queueCapacity());
    this.transactions = new Semaphore(settings.writerThreads());
  }

  /**
   * Places an order and waits until it is on disk.
   *
   * @throws Overloaded if too many are waiting already
   * @throws org.springframework.dao.DataAccessException if the database is away or does not answer
   *     in time
   */
  public PlacementResult place(NewOrder order) {
    Waiting waiting = new Waiting(order, new CompletableFuture<>(), System.nanoTime());
    if (queue.isEmpty() && transactions.tryAcquire()) {
      commitAlone(waiting);
    } else if (queue.offer(waiting)) {
      queued.release();
    } else {
      throw new Overloaded(queue.size());
    }
    try {
      return waiting.answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      queue.remove(waiting);
      throw new DataAccessResourceFailureException("the order was not saved in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataAccessResourceFailureException("interrupted before the order was saved", e);
    }
  }

  /** How many orders wait for a transaction. */
  int waiting() {
    return queue.size();
  }

  private void commitAlone(Waiting waiting) {
    try {
      List<Waiting> alone = List.of(waiting);
      measure(alone);
      Bulkhead.INTAKE.run(() -> commit(alone));
    } finally {
      transactions.release();
    }
  }

  private void write() {
    while (running || !queue.isEmpty()) {
      try {
        if (queued.tryAcquire(1, TimeUnit.SECONDS)) {
          transactions.acquire();
          try {
            commitQueued();
          } finally {
            transactions.release();
          }
        }
      } catch (InterruptedException e) {
        running = false;
        queued.release(); // what waits is saved all the same
      } catch (RuntimeException | Error e) { // the orders of a batch have been answered
        log.error("Committing orders failed, going on: {}", String.valueOf(e));
      }
    }
  }

  private void commitQueued() {
    queued.drainPermits();
    List<Waiting> batch = new ArrayList<>();
    try {
      queue.drainTo(batch, settings.batch());
      if (!queue.isEmpty()) {
        queued.release(); // for another writer
      }
      if (!batch.isEmpty()) {
        measure(batch);
        commit(batch);
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(waiting -> waiting.answer.completeExceptionally(e));
      queued.release(); // what came meanwhile
      throw e;
    }
  }

  private void measure(List<Waiting> batch) {
    long now = System.nanoTime();
    batch.forEach(waiting -> counts.waited(now - waiting.since));
    counts.batch(batch.size());
  }

  /** Answers each order of a batch, whatever its transaction throws. */
  private void commit(List<Waiting> batch) {
    Throwable failure = tryCommit(batch);
    if (failure == null) {
      return;
    }
    if (batch.size() > 1 && FailureClassifier.isLockTimeout(failure)) {
      commitApart(batch);
    } else if (batch.size() > 1 && canBeOneOrders(failure)) {
      commitOneByOne(batch);
    } else {
      batch.forEach(waiting -> waiting.answer.completeExceptionally(failure));
    }
  }

  /** The lock that was waited for in vain is a coupon's, mostly: orders without one go on first. */
  private void commitApart(List<Waiting> batch) {
    Map<Boolean, List<Waiting>> parts =
        batch.stream()
            .collect(Collectors.partitioningBy(waiting -> waiting.order.couponCode() == null));
    List<Waiting> withoutCoupon = parts.getOrDefault(true, List.of());
    if (!withoutCoupon.isEmpty() && withoutCoupon.size() < batch.size()) {
      commit(withoutCoupon);
      commitOneByOne(parts.getOrDefault(false, List.of()));
    } else {
      commitOneByOne(batch);
    }
  }

  /**
   * So that one order's fault stays its own. A coupon that is locked for too long is waited for
   * once, not by each order that names it; a database that has gone away meanwhile, not by each
   * order.
   */
  private void commitOneByOne(List<Waiting> batch) {
    Map<String, Throwable> lockedCoupons = new HashMap<>();
    Throwable away = null;
    for (Waiting waiting : batch) {
      String coupon = waiting.order.couponCode();
      Throwable failure = coupon != null && away == null ? lockedCoupons.get(coupon) : away;
      if (failure == null) {
        failure = tryCommit(List.of(waiting));
        if (failure != null && isLostToOthers(failure)) {
          if (coupon != null) {
            lockedCoupons.put(coupon, failure);
          }
        } else if (failure != null && FailureClassifier.isTransient(failure)) {
          away = failure;
        }
      }
      if (failure != null) {
        waiting.answer.completeExceptionally(failure);
      }
    }
  }

  /** Places orders in one transaction and answers them; what it throws is returned. */
  private @Nullable Throwable tryCommit(List<Waiting> batch) {
    List<PlacementResult> placements;
    try {
      placements = place(batch.stream().map(Waiting::order).toList());
    } catch (RuntimeException | Error e) {
      return e;
    }
    for (int i = 0; i < placements.size(); i++) {
      batch.get(i).answer.complete(placements.get(i));
    }
    return null;
  }

  /** A database that is away fails every order; all else may be the fault of one. */
  private static boolean canBeOneOrders(Throwable failure) {
    return isLostToOthers(failure) || !FailureClassifier.isTransient(failure);
  }

  /** Whether other transactions have the reference or the coupon that an order needs. */
  private static boolean isLostToOthers(Throwable failure) {
    return failure instanceof ConcurrencyFailureException
        || FailureClassifier.isLockTimeout(failure);
  }

  private List<PlacementResult> place(List<NewOrder> orders) {
    for (int attempt = 1; ; attempt++) {
      try {
        return intake.place(Door.HTTP, orders, Priority.LIVE, attempt > 1);
      } catch (ConcurrencyFailureException e) {
        if (attempt == ATTEMPTS || FailureClassifier.isLockTimeout(e)) {
          throw e;
        }
      }
    }
  }

  /** Runs before the servers take anything in and after they have stopped. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public synchronized void start() {
    running = true;
    for (int i = 1; i <= settings.writerThreads(); i++) {
      Thread writer = new Thread(() -> Bulkhead.INTAKE.run(this::write), "intake-" + i);
      writers.add(writer);
      writer.start();
    }
  }

  /** Saves what is waiting. */
  @Override
  public synchronized void stop() {
    running = false;
    for (Thread writer : writers) {
      try {
        writer.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    writers.clear();
    awaitLoneCommits();
  }

  private void awaitLoneCommits() {
    try {
      if (transactions.tryAcquire(settings.writerThreads(), 10, TimeUnit.SECONDS)) {
        transactions.release(settings.writerThreads());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
