package orderflow.outbox;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import orderflow.platform.kafka.Brokers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes the topics that are missing. */
@Component
public class Topics {

  private static final int MOST_REPLICAS = 3;

  /**
   * The largest order's event, which is a little more than the largest body, and a dead letter's
   * headers.
   */
  private static final int LARGEST_RECORD_BYTES = 2 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  private final Brokers brokers;

  /** The topics of all events by their names on the broker, with their partitions. */
  private final Map<String, Integer> all = new LinkedHashMap<>();

  /** Topics that the log has named, with what it said. */
  private final Map<String, String> named = new ConcurrentHashMap<>();

  Topics(Brokers brokers, KafkaNames names) {
    this.brokers = brokers;
    for (EventType type : EventType.values()) {
      all.put(names.of(type.topic()), type.partitions());
      type.deadLetterTopic().ifPresent(topic -> all.put(names.of(topic), type.partitions()));
    }
  }

  /**
   * Makes the topics that are missing: as many replicas as there are brokers, at most 3, of which 2
   * must have a record before it is acknowledged. One that may not be made is left to the operator;
   * the others go on without it.
   */
  public void makeMissing() throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = brokers.admin()) {
      Map<String, Integer> missing = new HashMap<>(all);
      missing
          .keySet()
          .removeAll(admin.listTopics().names().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS));
      int nodes =
          admin.describeCluster().nodes().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS).size();
      int replicas = Math.min(MOST_REPLICAS, nodes);
      if (!missing.isEmpty()) {
        make(
            admin,
            missing.entrySet().stream()
                .map(topic -> topic(topic.getKey(), topic.getValue(), (short) replicas))
                .toList());
      }
      warnOfFewReplicas(admin, replicas);
    }
  }

  static NewTopic topic(String name, int partitions, short replicas) {
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(LARGEST_RECORD_BYTES));
    if (replicas == MOST_REPLICAS) {
      settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    return new NewTopic(name, partitions, replicas).configs(settings);
  }

  private void make(Admin admin, List<NewTopic> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    for (Map.Entry<String, KafkaFuture<Void>> made :
        admin.createTopics(topics).values().entrySet()) {
      try {
        made.getValue().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
          name(made.getKey(), "is missing and may not be made: " + e.getCause().getMessage());
        } else if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
          throw e;
        }
      }
    }
  }

  private void warnOfFewReplicas(Admin admin, int wanted)
      throws InterruptedException, TimeoutException {
    for (Map.Entry<String, KafkaFuture<TopicDescription>> described :
        admin.describeTopics(all.keySet()).topicNameValues().entrySet()) {
      try {
        TopicDescription topic =
            described.getValue().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        int replicas = replicas(topic);
        if (replicas < wanted) {
          name(
              topic.name(),
              "has partitions with %d of %d replicas; a broker that is lost takes records with it"
                  .formatted(replicas, wanted));
        }
      } catch (ExecutionException e) {
        // it may not be described, or was made this moment: no reason not to begin
      }
    }
  }

  static int replicas(TopicDescription topic) {
    return topic.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }

  private void name(String topic, String what) {
    if (!what.equals(named.put(topic, what))) {
      log.warn("Topic {} {}", topic, what);
    }
  }
}
