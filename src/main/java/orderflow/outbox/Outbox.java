package orderflow.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes what the outbox holds. One instance at a time does it, which has the lease for it. It
 * reads rows, sends them with no transaction open, and deletes those that the broker has
 * acknowledged: a crash in between publishes them again rather than never.
 *
 * <p>Each topic has a queue of its own; in it, live records go before bulk ones and else in the
 * order of the rows, so a customer's events keep theirs. A record that the broker will never take
 * is filed; one that it does not take now stays, and only the later ones of its topic and key wait
 * for it.
 */
@Component
public class Outbox implements MeterBinder {

  /** How often to look for what was waiting for a lock, and for other instances' records. */
  private static final Duration SOON = Duration.ofMillis(50);

  /** How long a stop waits for answers that are under way. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** Refused for so long, this instance knows no more what holds records back. */
  private static final Duration OUT_OF_TOUCH = Duration.ofMinutes(1);

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final BulkThrottle bulkLane;
  private final OutboxSettings settings;
  private final LongSupplier nanoTime;
  private final OutboxRows rows;
  private final OutboxMetrics metrics = new OutboxMetrics();
  private final TopicQueues queues;
  private final RelayLease relayLease;
  private final Settlement settlement;
  private final BackgroundLoop loop;
  private volatile boolean woken;
  private boolean more = true;
  private long nextLook;

  /**
   * @param refused asked for late: filing a refused record writes to this outbox
   */
  @Autowired
  Outbox(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      RecordPublisher publisher,
      @Lazy RefusedRecords refused,
      BulkThrottle bulkLane,
      OutboxSettings settings,
      Leases leases) {
    this(
        jdbc,
        transactions,
        publisher,
        refused,
        bulkLane,
        settings,
        leases,
        System::nanoTime,
        TopicQueue::newSender);
  }

  Outbox(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      RecordPublisher publisher,
      RefusedRecords refused,
      BulkThrottle bulkLane,
      OutboxSettings settings,
      Leases leases,
      LongSupplier nanoTime,
      Function<String, Executor> senders) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.bulkLane = bulkLane;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.rows = new OutboxRows(jdbc);
    this.queues = new TopicQueues(publisher, senders, rows, metrics);
    this.relayLease = new RelayLease(leases, rows, nanoTime);
    this.settlement =
        new Settlement(queues, rows, refused, relayLease, transaction, metrics, nanoTime);
    this.loop = new BackgroundLoop(RelayLease.NAME, settings.pollInterval(), this::relay);
    this.nextLook = nanoTime.getAsLong();
  }

  /** There may be something to publish now. */
  public void wake() {
    woken = true;
    loop.wake();
  }

  /**
   * There will be something to publish when the transaction at hand, if there is one, has been
   * committed.
   */
  public void wakeAfterCommit() {
    AfterCommit.run(this::wake);
  }

  /** Publishes a batch of each topic and returns whether there may be more. */
  boolean relay() {
    if (woken) {
      woken = false;
      relayLease.wanted();
      more = true;
    }
    boolean again = round();
    more = again;
    queues.reportStuck(nanoTime.getAsLong());
    return again;
  }

  private boolean round() {
    Lease lease = relayLease.held();
    boolean look = true;
    if (lease == null) {
      lease = take();
      if (lease == null) {
        return false;
      }
      settlement.settle(lease);
    } else {
      boolean answered = settlement.settle(lease);
      look = answered || more || nextLook - nanoTime.getAsLong() <= 0;
    }
    if (look) {
      return publishNext(lease);
    }
    if (relayLease.isIdle() && !settlement.isUnderWay()) {
      relayLease.release();
      loop.lookAgainIn(untilDue());
    } else {
      Duration untilLook = Duration.ofNanos(Math.max(0, nextLook - nanoTime.getAsLong()));
      loop.lookAgainIn(min(untilLook, RelayLease.IDLE));
    }
    return false;
  }

  private @Nullable Lease take() {
    Duration pause = relayLease.pause();
    if (!pause.isZero()) {
      loop.lookAgainIn(pause);
      return null;
    }
    if (!more && !relayLease.isTriedAgain() && settlement.answers().isEmpty() && rows.isEmpty()) {
      relayLease.atRest();
      settlement.forget();
      queues.forgetHolds(); // another instance has published them
      return null;
    }
    Lease lease = takeLease();
    if (lease == null) {
      settlement.forget();
      if (relayLease.refusedFor().compareTo(OUT_OF_TOUCH) >= 0) {
        queues.forgetHolds();
      }
      if (relayLease.isTriedAgain()) {
        loop.lookAgainIn(RelayLease.RETRY);
      }
    }
    return lease;
  }

  /**
   * A lease lasts no longer than the server's memory of it: its commit need not wait for the disk.
   */
  private @Nullable Lease takeLease() {
    try {
      return transaction.execute(
          status -> {
            jdbc.execute("set local synchronous_commit = off");
            return relayLease.take();
          });
    } catch (RuntimeException e) {
      relayLease.release(); // its row may not be there
      throw e;
    }
  }

  private boolean publishNext(Lease lease) {
    ReadRecords read = read();
    if (!read.records().isEmpty()) {
      relayLease.worked();
      publish(read.records(), lease);
      settlement.settle(lease);
    }
    long now = nanoTime.getAsLong();
    int others = read.bulkAllowed().others();
    boolean bulkIsFull = read.isBulkFull(settings.batch());
    boolean again = read.isLiveFull(settings.batch()) || bulkIsFull;
    Duration wait = settlement.isUnderWay() ? SOON : untilDue();
    if (bulkLane.left(read.bulk(), others, bulkIsFull)) {
      again |= others > 0;
      relayLease.worked(); // others' records are looked for as often
      wait = min(wait, BulkThrottle.FRESH);
    }
    nextLook = now + wait.toNanos();
    if (!again) {
      loop.lookAgainIn(min(wait, RelayLease.IDLE));
    }
    return again;
  }

  private ReadRecords read() {
    long now = nanoTime.getAsLong();
    Map<String, Integer> limits = new HashMap<>();
    Excluded excluded = new Excluded();
    for (TopicQueue queue : queues.all()) {
      int room = queue.room(settings.batch(), now);
      if (room < settings.batch()) {
        limits.put(queue.topic(), room);
      }
      if (room > 0) {
        queue.exclude(now, excluded);
      }
    }
    BulkThrottle.Allowance bulk = bulkLane.allowance();
    List<OutboxRecord> records =
        rows.next(new OutboxRows.Limits(settings.batch(), limits, bulk), excluded.keys()).stream()
            .filter(record -> queues.of(record).takes(record))
            .sorted(Comparator.comparingLong(OutboxRecord::id))
            .toList();
    Set<String> found = records.stream().map(OutboxRecord::topic).collect(Collectors.toSet());
    queues.all().forEach(queue -> queue.found(found.contains(queue.topic()), now));
    return new ReadRecords(records, limits, bulk);
  }

  private void publish(List<OutboxRecord> records, Lease lease) {
    long now = nanoTime.getAsLong();
    Map<TopicQueue, List<OutboxRecord>> sent = new LinkedHashMap<>();
    for (OutboxRecord record : records) {
      sent.computeIfAbsent(queues.of(record), first -> new ArrayList<>()).add(record);
    }
    Round round = new Round(records.size(), settlement.answers(), loop::wake);
    sent.forEach((queue, queued) -> queue.send(queued, lease::isHeld, round, now));
    round.await();
  }

  private Duration untilDue() {
    return queues.untilDue(nanoTime.getAsLong(), settings.pollInterval());
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The topics whose records the broker does not take, as this instance sees it. */
  public List<StuckTopic> stuck() {
    return queues.stuck();
  }

  /** The names of the topics whose records the broker does not take. */
  Set<String> stuckTopics() {
    return queues.stuckTopics();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    metrics.bind(registry, relayLease);
    queues.bindMetrics();
  }

  void start() {
    loop.start();
  }

  /** Starts the relay once the route that publishes is there. */
  @Component
  @OnInstanceRole(InstanceRole.RELAY)
  record Relay(Outbox outbox) {

    @EventListener(ApplicationReadyEvent.class)
    void start() {
      outbox.start();
    }
  }

  /**
   * Waits for the round at hand and for answers that are under way, before Camel takes that route
   * away.
   */
  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stop() {
    loop.stop();
    try {
      long end = System.nanoTime() + FAREWELL.toNanos();
      Lease lease = relayLease.held();
      while (lease != null && settlement.isUnderWay() && System.nanoTime() - end < 0) {
        settlement.settle(lease);
        TimeUnit.MILLISECONDS.sleep(5);
        lease = relayLease.held();
      }
      relayLease.release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // the database is away: the rows stay, and are published again
    }
  }

  boolean isRunning() {
    return loop.isRunning();
  }
}
