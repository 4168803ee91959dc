package orderflow.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** The queues of the topics that have had records, and which of these topics are stuck. */
final class TopicQueues {

  private static final Logger log = LoggerFactory.getLogger(TopicQueues.class);

  private final RecordPublisher publisher;
  private final Function<String, Executor> senders;
  private final OutboxRows rows;
  private final OutboxMetrics metrics;
  private final Map<String, TopicQueue> queues = new ConcurrentHashMap<>();
  private volatile List<StuckTopic> stuck = List.of();

  /**
   * @param senders makes the thread that sends a topic's records
   */
  TopicQueues(
      RecordPublisher publisher,
      Function<String, Executor> senders,
      OutboxRows rows,
      OutboxMetrics metrics) {
    this.publisher = publisher;
    this.senders = senders;
    this.rows = rows;
    this.metrics = metrics;
  }

  Collection<TopicQueue> all() {
    return queues.values();
  }

  /** The queue of a record's topic. */
  TopicQueue of(OutboxRecord record) {
    return queues.computeIfAbsent(record.topic(), this::newQueue);
  }

  private TopicQueue newQueue(String topic) {
    bindMetric(topic);
    return new TopicQueue(topic, publisher, senders.apply(topic));
  }

  /** Adds the metrics of the topics that are known already. */
  void bindMetrics() {
    queues.keySet().forEach(this::bindMetric);
  }

  private void bindMetric(String topic) {
    metrics.bindStuck(topic, () -> stuckTopics().contains(topic));
  }

  /** Forgets what holds records back. */
  void forgetHolds() {
    all().forEach(TopicQueue::forgetHolds);
  }

  boolean haveFlights() {
    return all().stream().anyMatch(TopicQueue::hasFlights);
  }

  /**
   * When the next record that is held back is due.
   *
   * @param most the longest answer, and the one where nothing is held back
   */
  Duration untilDue(long now, Duration most) {
    return Duration.ofNanos(
        all().stream()
            .mapToLong(queue -> queue.nanosToNextDue(now))
            .filter(nanos -> nanos > 0)
            .reduce(most.toNanos(), Math::min));
  }

  /** Notes and logs which topics are stuck since the last call, or are no longer. */
  void reportStuck(long now) {
    boolean changed = false;
    for (TopicQueue queue : all()) {
      if (queue.looksStuck(now)) {
        changed = true;
        report(queue, now);
      }
    }
    if (changed) {
      Instant wallClock = Instant.now();
      stuck =
          all().stream()
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

  /** The topics that are stuck, in the order of their names. */
  List<StuckTopic> stuck() {
    return stuck;
  }

  Set<String> stuckTopics() {
    return stuck.stream().map(StuckTopic::topic).collect(Collectors.toUnmodifiableSet());
  }
}
