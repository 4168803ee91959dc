package orderflow.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.LeaseLost;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.retry.OutageLog;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does what follows from the broker's answers: deletes what it has, files what it will never take,
 * and holds back what it does not take now. Nothing is written without the lease.
 */
final class Settlement {

  private final TopicQueues queues;
  private final OutboxRows rows;
  private final RefusedRecords refused;
  private final RelayLease relayLease;
  private final TransactionTemplate transaction;
  private final OutboxMetrics metrics;
  private final LongSupplier nanoTime;
  private final OutageLog broker = new OutageLog("publishing to Kafka");
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /** What the broker has and the table has still, by id. */
  private final Map<Long, OutboxRecord> acknowledged = new LinkedHashMap<>();

  private boolean brokerIsAway;
  private long lastAcknowledged;

  Settlement(
      TopicQueues queues,
      OutboxRows rows,
      RefusedRecords refused,
      RelayLease relayLease,
      TransactionTemplate transaction,
      OutboxMetrics metrics,
      LongSupplier nanoTime) {
    this.queues = queues;
    this.rows = rows;
    this.refused = refused;
    this.relayLease = relayLease;
    this.transaction = transaction;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.lastAcknowledged = nanoTime.getAsLong();
  }

  /** Where answers go, on any thread. */
  Queue<Answer> answers() {
    return answers;
  }

  /** Whether records are on their way, or answers not dealt with. */
  boolean isUnderWay() {
    return !acknowledged.isEmpty() || !answers.isEmpty() || queues.haveFlights();
  }

  /** Leaves the answers that have come to the holder of the lease, who publishes these rows. */
  void forget() {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      landed(answer.record());
    }
    acknowledged.values().forEach(this::landed);
    acknowledged.clear();
  }

  private void landed(OutboxRecord record) {
    queues.of(record).landed(record);
  }

  /**
   * Does what follows from the answers that have come.
   *
   * @return whether there were any, so that there may be room for more
   */
  boolean settle(Lease lease) {
    if (!lease.isHeld()) {
      return false;
    }
    boolean patient = !acknowledged.isEmpty();
    List<Answer> refusals = new ArrayList<>();
    boolean answered = sort(refusals) || patient;
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

  /**
   * Notes the answers in the queues.
   *
   * @param refusals is given those whose records are to be filed
   * @return whether there were any
   */
  private boolean sort(List<Answer> refusals) {
    Map<String, Integer> taken = new HashMap<>();
    long now = nanoTime.getAsLong();
    boolean any = false;
    Answer failure = null;
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      any = true;
      OutboxRecord record = answer.record();
      TopicQueue queue = queues.of(record);
      if (answer.kind() != Answer.Kind.ACKNOWLEDGED) {
        queue.landed(record);
      }
      switch (answer.kind()) {
        case ACKNOWLEDGED -> {
          acknowledged.put(record.id(), record);
          queue.acknowledged(record, now);
          taken.merge(record.topic(), 1, Integer::sum);
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
    taken.forEach(metrics::acknowledged);
    refusals.forEach(refusal -> metrics.refused(refusal.record().topic(), 1));
    noteBroker(!taken.isEmpty(), failure, now);
    return any;
  }

  /** The broker as a whole is away while it refuses records and has long acknowledged none. */
  private void noteBroker(boolean takes, @Nullable Answer failure, long now) {
    if (takes) {
      if (brokerIsAway) {
        queues.all().forEach(queue -> queue.hasten(now));
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
                landed(record);
              }
              return gone;
            });
  }

  private void lost() {
    relayLease.release();
    forget();
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
    queues.of(record).refused(record);
  }
}
