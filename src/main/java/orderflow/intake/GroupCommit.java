package orderflow.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import orderflow.order.NewOrder;
import orderflow.outbox.Lane;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.stereotype.Component;

/**
 * Commits together the orders that arrive together: one fsync for all of them, and a campaign
 * coupon's row is locked once for all. An order that comes alone waits for nobody.
 */
@Component
public class GroupCommit implements SmartLifecycle {

  private static final int ATTEMPTS = 5;

  private record Waiting(NewOrder order, CompletableFuture<Placement> answer) {}

  private final Intake intake;
  private final IntakeSettings settings;
  private final BlockingQueue<Waiting> queue;
  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean running;

  GroupCommit(Intake intake, IntakeSettings settings) {
    this.intake = intake;
    this.settings = settings;
    this.queue = new ArrayBlockingQueue<>(settings.queue());
  }

  /**
   * Places an order and waits until it is on disk.
   *
   * @throws Overloaded if too many are waiting already
   * @throws org.springframework.dao.DataAccessException if the database is away or does not answer
   *     in time
   */
  public Placement place(NewOrder order) {
    Waiting waiting = new Waiting(order, new CompletableFuture<>());
    if (!queue.offer(waiting)) {
      throw new Overloaded(queue.size());
    }
    try {
      return waiting.answer.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
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

  private void write() {
    List<Waiting> batch = new ArrayList<>(settings.batch());
    while (running || !queue.isEmpty()) {
      try {
        Waiting first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, settings.batch() - 1);
          commit(batch);
        }
      } catch (InterruptedException e) {
        running = false;
      } finally {
        batch.clear();
      }
    }
  }

  /**
   * What the database can't take in a batch is tried alone, so that one order's fault stays its
   * own.
   */
  private void commit(List<Waiting> batch) {
    try {
      List<Placement> placements = place(batch.stream().map(Waiting::order).toList());
      for (int i = 0; i < placements.size(); i++) {
        batch.get(i).answer.complete(placements.get(i));
      }
    } catch (NonTransientDataAccessException e) {
      if (batch.size() > 1) {
        batch.forEach(waiting -> commit(List.of(waiting)));
      } else {
        batch.get(0).answer.completeExceptionally(e);
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(waiting -> waiting.answer.completeExceptionally(e));
    }
  }

  private List<Placement> place(List<NewOrder> orders) {
    for (int attempt = 1; ; attempt++) {
      try {
        return intake.place(orders, Lane.LIVE, attempt > 1);
      } catch (ConcurrencyFailureException e) {
        if (attempt == ATTEMPTS) {
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
    for (int i = 1; i <= settings.writers(); i++) {
      Thread writer = new Thread(this::write, "intake-" + i);
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
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
