package orderflow.outbox;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import orderflow.platform.retry.Backoff;
import orderflow.platform.retry.FailureClassifier;
import org.jspecify.annotations.Nullable;

/**
 * One topic's records that are under way, and what holds others back. A record that failed holds
 * the later ones of its key, a failure of the topic all of them, until a pause is over; pauses
 * grow. The topic has a thread of its own, as sending waits for the topic's partitions to be known.
 * All else belongs to the relay's thread.
 */
final class TopicQueue {

  /** Most keys with records under way or held back; beyond it the topic is held as a whole. */
  static final int MOST_KEYS = 2_000;

  /** Of records under way; all topics together fit into the producer's buffer. */
  private static final long MOST_BYTES = 8 << 20;

  /** Records that are sent to find out whether a topic that failed takes some again. */
  private static final int PROBE = 5;

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8));

  /** A topic whose records have not been taken for so long is stuck. */
  static final Duration STUCK_AFTER = Duration.ofSeconds(5);

  /** Held keys whose records were not found again for so long are forgotten. */
  private static final Duration FORGET_AFTER = Duration.ofSeconds(30);

  /** Records of one key that are under way. */
  private static final class Flight {
    private final long since;
    private int records;

    Flight(long since) {
      this.since = since;
    }
  }

  /** What holds a key or the topic back. */
  private record Hold(long since, int attempts, long until) {

    static Hold next(@Nullable Hold before, long now) {
      int attempts = before == null ? 1 : before.attempts + 1;
      return new Hold(
          before == null ? now : before.since, attempts, now + BACKOFF.after(attempts).toNanos());
    }

    boolean isDue(long now) {
      return until - now <= 0;
    }

    Hold due(long now) {
      return new Hold(since, attempts, now);
    }
  }

  private final String topic;
  private final RecordPublisher publisher;
  private final Executor sender;
  private final Map<ByteBuffer, Flight> flights = new HashMap<>();
  private final Map<ByteBuffer, Hold> heldKeys = new HashMap<>();
  private @Nullable Hold hold;
  private long bytes;
  private String cause = "no answer from the broker";
  private boolean stuck;
  private long stuckSince;

  TopicQueue(String topic, RecordPublisher publisher, Executor sender) {
    this.topic = topic;
    this.publisher = publisher;
    this.sender = sender;
  }

  /** A topic's own thread, which ends when there is nothing to send. */
  static Executor newSender(String topic) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "outbox-" + topic);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  String topic() {
    return topic;
  }

  String cause() {
    return cause;
  }

  /** How many records may be read for it now. */
  int room(int batch, long now) {
    if (bytes >= MOST_BYTES) {
      return 0;
    }
    if (hold != null) {
      return hold.isDue(now) && flights.isEmpty() ? Math.min(PROBE, batch) : 0;
    }
    return isFull() && heldKeys.values().stream().noneMatch(key -> key.isDue(now)) ? 0 : batch;
  }

  private boolean isFull() {
    return flights.size() + heldKeys.size() >= MOST_KEYS;
  }

  /** Adds the keys whose records must not be read now. */
  void exclude(long now, Excluded excluded) {
    flights.keySet().forEach(key -> excluded.add(topic, key.array()));
    heldKeys.forEach(
        (key, held) -> {
          if (!held.isDue(now) && !flights.containsKey(key)) {
            excluded.add(topic, key.array());
          }
        });
  }

  /** Whether a record that was read is to be sent: no new keys where there are too many already. */
  boolean takes(OutboxRecord record) {
    return !isFull() || heldKeys.containsKey(key(record)) || flights.containsKey(key(record));
  }

  /** Notes what the queue holds beyond the records that were found, once they have been read. */
  void found(boolean some, long now) {
    if (!some && hold != null && hold.isDue(now) && flights.isEmpty()) {
      hold = null; // nothing is left to be sent
    }
    heldKeys.entrySet().removeIf(held -> isForgotten(held.getKey(), held.getValue(), now));
  }

  private boolean isForgotten(ByteBuffer key, Hold held, long now) {
    return hold == null && !flights.containsKey(key) && now - held.until >= FORGET_AFTER.toNanos();
  }

  /**
   * Sends records on the topic's own thread.
   *
   * @param allowed asked right before each record is sent
   */
  void send(List<OutboxRecord> records, BooleanSupplier allowed, Round round, long now) {
    for (OutboxRecord record : records) {
      flights.computeIfAbsent(key(record), key -> new Flight(now)).records++;
      bytes += size(record);
    }
    sender.execute(() -> sendAll(records, allowed, round));
  }

  private void sendAll(List<OutboxRecord> records, BooleanSupplier allowed, Round round) {
    boolean goesOn = true;
    for (OutboxRecord record : records) {
      if (!goesOn || !allowed.getAsBoolean()) {
        round.answered(Answer.notSent(record));
        continue;
      }
      Sending sending = new Sending(record, round);
      try {
        publisher.publish(record, sending);
      } catch (RuntimeException | Error e) { // the others' answers would be waited for in vain
        sending.answered(e);
      }
      goesOn = sending.left();
    }
  }

  /** One record on its way. */
  private static final class Sending implements RecordPublisher.Result {
    private final OutboxRecord record;
    private final Round round;
    private final Thread sender = Thread.currentThread();
    private final AtomicBoolean answered = new AtomicBoolean();
    private boolean atOnce = true; // of the sender's thread alone
    private boolean failedAtOnce;

    Sending(OutboxRecord record, Round round) {
      this.record = record;
      this.round = round;
    }

    @Override
    public void answered(@Nullable Throwable failure) {
      if (!answered.compareAndSet(false, true)) {
        return;
      }
      boolean early = Thread.currentThread() == sender && atOnce;
      Answer answer = Answer.of(record, failure, early);
      if (early) {
        failedAtOnce = answer.isFailure();
      }
      round.answered(answer);
    }

    /**
     * @return whether further records can be sent
     */
    boolean left() {
      atOnce = false;
      return !failedAtOnce;
    }
  }

  /** Notes that a record is not under way any more. */
  void landed(OutboxRecord record) {
    bytes -= size(record);
    ByteBuffer key = key(record);
    Flight flight = flights.get(key);
    if (flight != null && --flight.records == 0) {
      flights.remove(key);
    }
  }

  /** The broker takes records of the topic: all that is held back can be tried. */
  void acknowledged(OutboxRecord record, long now) {
    hold = null;
    if (heldKeys.remove(key(record)) != null) {
      hasten(now);
    }
  }

  void refused(OutboxRecord record) {
    heldKeys.remove(key(record));
  }

  void failed(Answer answer, long now) {
    cause = answer.failure() == null ? cause : FailureClassifier.reason(answer.failure());
    if (answer.kind() == Answer.Kind.TOPIC_FAILED) {
      if (hold == null || hold.isDue(now)) { // those sent together count once
        hold = Hold.next(hold, now);
      }
    } else {
      holdKey(answer.record(), now);
    }
  }

  /** Holds a record's key back after a failure that is not the topic's. */
  void holdKey(OutboxRecord record, long now) {
    Hold held = heldKeys.get(key(record));
    if (held == null || held.isDue(now)) {
      heldKeys.put(key(record), Hold.next(held, now));
    }
  }

  /** Makes all that is held back due. */
  void hasten(long now) {
    hold = hold == null ? null : hold.due(now);
    heldKeys.replaceAll((key, held) -> held.isDue(now) ? held : held.due(now));
  }

  /** Forgets what holds records back. */
  void forgetHolds() {
    hold = null;
    heldKeys.clear();
  }

  boolean hasFlights() {
    return !flights.isEmpty();
  }

  /**
   * When the next of its holds is due.
   *
   * @return {@link Long#MAX_VALUE} if there is none
   */
  long nanosToNextDue(long now) {
    long next = hold == null ? Long.MAX_VALUE : hold.until - now;
    if (hold == null) {
      for (Map.Entry<ByteBuffer, Hold> held : heldKeys.entrySet()) {
        if (!flights.containsKey(held.getKey())) {
          next = Math.min(next, held.getValue().until - now);
        }
      }
    }
    return next;
  }

  /**
   * Looks whether the topic is stuck.
   *
   * @return whether that has changed
   */
  boolean looksStuck(long now) {
    boolean before = stuck;
    long age = longestTrouble(now);
    stuck = age >= STUCK_AFTER.toNanos() || (hold != null && hold.attempts > 1);
    if (stuck && !before) {
      stuckSince = now - age;
    }
    return stuck != before;
  }

  private long longestTrouble(long now) {
    long longest = hold == null ? 0 : now - hold.since;
    for (Flight flight : flights.values()) {
      longest = Math.max(longest, now - flight.since);
    }
    for (Hold held : heldKeys.values()) {
      longest = Math.max(longest, now - held.since);
    }
    return longest;
  }

  boolean isStuck() {
    return stuck;
  }

  long stuckSeconds(long now) {
    return Duration.ofNanos(now - stuckSince).toSeconds();
  }

  private static ByteBuffer key(OutboxRecord record) {
    return ByteBuffer.wrap(record.key() == null ? new byte[0] : record.key());
  }

  private static long size(OutboxRecord record) {
    return record.payload() == null ? 0 : record.payload().length;
  }
}
