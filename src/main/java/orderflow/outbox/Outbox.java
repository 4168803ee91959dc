package orderflow.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.LeaseLost;
import orderflow.platform.lease.Leases;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.retry.OutageLog;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
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

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  /** How often to look for what was waiting for a lock, and for other instances' records. */
  private static final Duration SOON = Duration.ofMillis(50);

  /** How long a stop waits for answers that are under way. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** Refused for so long, this instance knows no more what holds records back. */
  private static final Duration OUT_OF_TOUCH = Duration.ofMinutes(1);

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final RecordPublisher publisher;
  private final RefusedRecords refused;
  private final BulkThrottle bulkLane;
  private final OutboxSettings settings;
  private final LongSupplier nanoTime;
  private final Function<String, Executor> senders;
  private final OutboxRows rows;
  private final RelayLease relayLease;
  private final BackgroundLoop loop;
  private final OutageLog broker = new OutageLog("publishing to Kafka");

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Map<String, TopicQueue> queues = new ConcurrentHashMap<>();

  /** What the broker has and the table has still, by id. */
  private final Map<Long, OutboxRecord> acknowledged = new LinkedHashMap<>();

  private volatile boolean woken;
  private volatile List<StuckTopic> stuck = List.of();
  private volatile @Nullable MeterRegistry meters;
  private boolean more = true;
  private boolean brokerIsAway;
  private long lastAcknowledged;
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
    this.publisher = publisher;
    this.refused = refused;
    this.bulkLane = bulkLane;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.senders = senders;
    this.rows = new OutboxRows(jdbc);
    this.relayLease = new RelayLease(leases, rows, nanoTime);
    this.loop = new BackgroundLoop(RelayLease.NAME, settings.pollInterval(), this::relay);
    this.nextLook = nanoTime.getAsLong();
    this.lastAcknowledged = nextLook;
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
    reportTopics();
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
      settle(lease);
    } else {
      boolean answered = settle(lease);
      look = answered || more || nextLook - nanoTime.getAsLong() <= 0;
    }
    if (look) {
      return publishNext(lease);
    }
    if (relayLease.isIdle() && !isUnderWay()) {
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
    if (!more && !relayLease.isTriedAgain() && answers.isEmpty() && rows.isEmpty()) {
      relayLease.atRest();
      forgetAnswers();
      queues.values().forEach(TopicQueue::forgetHolds); // another instance has published them
      return null;
    }
    Lease lease = takeLease();
    if (lease == null) {
      forgetAnswers();
      if (relayLease.refusedFor().compareTo(OUT_OF_TOUCH) >= 0) {
        queues.values().forEach(TopicQueue::forgetHolds);
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

  /** What is still in the table is for the holder of the lease to publish. */
  private void forgetAnswers() {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      queue(answer.record()).landed(answer.record());
    }
    acknowledged.values().forEach(record -> queue(record).landed(record));
    acknowledged.clear();
  }

  private boolean publishNext(Lease lease) {
    Load load = new Load();
    List<OutboxRecord> records = read(load);
    if (!records.isEmpty()) {
      relayLease.worked();
      publish(records, lease);
      settle(lease);
    }
    long now = nanoTime.getAsLong();
    boolean bulkIsFull = load.isBulkFull(settings.batch());
    boolean again = load.isFull(settings.batch()) || bulkIsFull;
    Duration wait = isUnderWay() ? SOON : untilDue();
    if (bulkLane.left(load.bulk, load.bulkAllowed.others(), bulkIsFull)) {
      again |= load.bulkAllowed.others() > 0;
      relayLease.worked(); // others' records are looked for as often
      wait = min(wait, BulkThrottle.FRESH);
    }
    nextLook = now + wait.toNanos();
    if (!again) {
      loop.lookAgainIn(min(wait, RelayLease.IDLE));
    }
    return again;
  }

  /** What was read of the lanes of all topics. */
  private static final class Load {
    private final Map<String, long[]> live = new HashMap<>();
    private BulkThrottle.Allowance bulkAllowed = new BulkThrottle.Allowance(0, 0);
    private int bulk;
    private long bulkBytes;
    private Map<String, Integer> limits = Map.of();

    void add(OutboxRecord record) {
      long bytes = record.payload() == null ? 0 : record.payload().length;
      if (record.lane() == Priority.BULK.number()) {
        bulk++;
        bulkBytes += bytes;
      } else {
        long[] sums = live.computeIfAbsent(record.topic(), topic -> new long[2]);
        sums[0]++;
        sums[1] += bytes;
      }
    }

    /** Whether live records may have been left for want of room. */
    boolean isFull(int batch) {
      return live.entrySet().stream()
          .anyMatch(
              topic ->
                  !limits.containsKey(topic.getKey())
                      && (topic.getValue()[0] >= batch
                          || topic.getValue()[1] >= OutboxRows.MOST_BYTES));
    }

    boolean isBulkFull(int batch) {
      return bulk >= batch || bulkBytes >= OutboxRows.MOST_BYTES;
    }
  }

  private List<OutboxRecord> read(Load load) {
    long now = nanoTime.getAsLong();
    Map<String, Integer> limits = new HashMap<>();
    Excluded excluded = new Excluded();
    for (TopicQueue queue : queues.values()) {
      int room = queue.room(settings.batch(), now);
      if (room < settings.batch()) {
        limits.put(queue.topic(), room);
      }
      if (room > 0) {
        queue.exclude(now, excluded);
      }
    }
    load.bulkAllowed = bulkLane.allowance();
    load.limits = limits;
    List<OutboxRecord> records =
        rows
            .next(
                new OutboxRows.Limits(settings.batch(), limits, load.bulkAllowed), excluded.keys())
            .stream()
            .filter(record -> queue(record).takes(record))
            .sorted(Comparator.comparingLong(OutboxRecord::id))
            .toList();
    records.forEach(load::add);
    Set<String> found = records.stream().map(OutboxRecord::topic).collect(Collectors.toSet());
    queues.values().forEach(queue -> queue.found(found.contains(queue.topic()), now));
    return records;
  }

  private void publish(List<OutboxRecord> records, Lease lease) {
    long now = nanoTime.getAsLong();
    Map<TopicQueue, List<OutboxRecord>> sent = new LinkedHashMap<>();
    for (OutboxRecord record : records) {
      sent.computeIfAbsent(queue(record), first -> new ArrayList<>()).add(record);
    }
    Round round = new Round(records.size(), answers, loop::wake);
    sent.forEach((queue, queued) -> queue.send(queued, lease::isHeld, round, now));
    round.await();
  }

  private TopicQueue newQueue(String topic) {
    MeterRegistry registry = meters;
    if (registry != null) {
      bindStuck(registry, topic);
    }
    return new TopicQueue(topic, publisher, senders.apply(topic));
  }

  /**
   * Does what follows from the answers that have come.
   *
   * @return whether there were any, so that there may be room for more
   */
  private boolean settle(Lease lease) {
    if (!lease.isHeld()) {
      return false;
    }
    Map<String, Integer> acked = new HashMap<>();
    long now = nanoTime.getAsLong();
    boolean patient = !acknowledged.isEmpty();
    boolean answered = patient;
    List<Answer> refusals = new ArrayList<>();
    Answer failure = null;
    boolean brokerTakes = false;
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      answered = true;
      OutboxRecord record = answer.record();
      TopicQueue queue = queue(record);
      if (answer.kind() != Answer.Kind.ACKNOWLEDGED) {
        queue.landed(record);
      }
      switch (answer.kind()) {
        case ACKNOWLEDGED -> {
          acknowledged.put(record.id(), record);
          queue.acknowledged(record, now);
          acked.merge(record.topic(), 1, Integer::sum);
          brokerTakes = true;
        }
        case NOT_SENT -> {}
        case REFUSED -> {
          queue.holdKey(record, now); // until it is filed
          refusals.add(answer);
        }
        case KEY_FAILED, TOPIC_FAILED -> {
          queue.failed(answer, now);
          failure = answer;
        }
      }
    }
    acked.forEach((topic, records) -> published(topic, "acked", records));
    refusals.forEach(refusal -> published(refusal.record().topic(), "refused", 1));
    noteBroker(brokerTakes, failure, now);
    deleteAcknowledged(lease, patient);
    try {
      for (Answer refusal : refusals) {
        file(refusal, lease);
      }
    } catch (LeaseLost e) {
      lost();
    }
    return answered;
  }

  private void published(String topic, String outcome, int records) {
    MeterRegistry registry = meters;
    if (registry != null) {
      Counter.builder("orderflow.outbox.published")
          .description("Records that the broker took, or will never take")
          .tag("topic", topic)
          .tag("outcome", outcome)
          .register(registry)
          .increment(records);
    }
  }

  /** The broker as a whole is away while it refuses records and has long acknowledged none. */
  private void noteBroker(boolean takes, @Nullable Answer failure, long now) {
    if (takes) {
      if (brokerIsAway) {
        queues.values().forEach(queue -> queue.hasten(now));
      }
      lastAcknowledged = now;
      brokerIsAway = false;
      broker.recovered();
    } else if (failure != null && failure.failure() != null && failure.isOfTheBroker()) {
      brokerIsAway |= now - lastAcknowledged >= TopicQueue.STUCK_AFTER.toNanos();
      if (brokerIsAway) {
        broker.failure(failure.failure());
      }
    }
  }

  private void deleteAcknowledged(Lease lease, boolean patient) {
    if (acknowledged.isEmpty()) {
      return;
    }
    Set<Long> remaining = rows.delete(acknowledged.values(), lease.name(), lease.number(), patient);
    if (!remaining.isEmpty() && isLost(lease)) {
      lost();
      return;
    }
    acknowledged
        .values()
        .removeIf(
            record -> {
              boolean gone = !remaining.contains(record.id());
              if (gone) {
                queue(record).landed(record);
              }
              return gone;
            });
  }

  private void lost() {
    relayLease.release();
    forgetAnswers();
  }

  /** Another instance has it, or a database server that died had not yet saved it. */
  private boolean isLost(Lease lease) {
    try {
      transaction.executeWithoutResult(status -> lease.confirm());
      return false;
    } catch (LeaseLost e) {
      return true;
    }
  }

  private TopicQueue queue(OutboxRecord record) {
    return queues.computeIfAbsent(record.topic(), this::newQueue);
  }

  /** As the record is now: it may have been erased meanwhile. */
  private void file(Answer answer, Lease lease) {
    OutboxRecord record = answer.record();
    String reason =
        answer.failure() == null ? "refused" : FailureClassifier.reason(answer.failure());
    transaction.executeWithoutResult(
        status -> {
          lease.confirm();
          OutboxRecord current = rows.remove(record);
          if (current != null) {
            refused.file(current, reason);
          }
        });
    queue(record).refused(record);
  }

  private boolean isUnderWay() {
    return !acknowledged.isEmpty()
        || !answers.isEmpty()
        || queues.values().stream().anyMatch(TopicQueue::hasFlights);
  }

  /** When what is held back is due, at most a poll interval. */
  private Duration untilDue() {
    long now = nanoTime.getAsLong();
    long poll = settings.pollInterval().toNanos();
    return Duration.ofNanos(
        queues.values().stream()
            .mapToLong(queue -> queue.nanosToNextDue(now))
            .filter(nanos -> nanos > 0)
            .reduce(poll, Math::min));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void reportTopics() {
    long now = nanoTime.getAsLong();
    boolean changed = false;
    for (TopicQueue queue : queues.values()) {
      if (queue.looksStuck(now)) {
        changed = true;
        report(queue, now);
      }
    }
    if (changed) {
      Instant wallClock = Instant.now();
      stuck =
          queues.values().stream()
              .filter(TopicQueue::isStuck)
              .map(
                  queue ->
                      new StuckTopic(
                          queue.topic(),
                          wallClock.minusSeconds(queue.stuckSeconds(now)),
                          queue.cause()))
              .sorted(Comparator.comparing(StuckTopic::topic))
              .toList();
    }
  }

  private void report(TopicQueue queue, long now) {
    if (queue.isStuck()) {
      log.warn(
          "Topic {} is stuck, {} records wait: {}", queue.topic(), waiting(queue), queue.cause());
    } else {
      log.warn("Topic {} is no longer stuck, after {} s", queue.topic(), queue.stuckSeconds(now));
    }
  }

  private String waiting(TopicQueue queue) {
    try {
      return rows.waiting(queue.topic());
    } catch (DataAccessException e) {
      return "an unknown number of"; // the database is away too, which the loop says
    }
  }

  /** The topics whose records the broker does not take, as this instance sees it. */
  public List<StuckTopic> stuck() {
    return stuck;
  }

  /** Their names. */
  Set<String> stuckTopics() {
    return stuck.stream().map(StuckTopic::topic).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    meters = registry;
    Gauge.builder("orderflow.lease.wait", relayLease, RelayLease::overdueSeconds)
        .description("Age of the oldest work that waits for the lease of another instance")
        .baseUnit("seconds")
        .tag("lease", RelayLease.NAME)
        .register(registry);
    queues.keySet().forEach(topic -> bindStuck(registry, topic));
    for (EventType type : EventType.values()) {
      published(type.topic(), "acked", 0);
      published(type.topic(), "refused", 0);
    }
  }

  private void bindStuck(MeterRegistry registry, String topic) {
    Gauge.builder("orderflow.outbox.stuck", this, o -> o.stuckTopics().contains(topic) ? 1 : 0)
        .description("Whether records of a topic wait because its broker does not take them")
        .tag("topic", topic)
        .register(registry);
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
      while (lease != null && isUnderWay() && System.nanoTime() - end < 0) {
        settle(lease);
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
