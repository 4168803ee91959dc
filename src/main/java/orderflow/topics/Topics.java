package orderflow.topics;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.springframework.stereotype.Component;

/** Makes the topics that are missing. */
@Component
public class Topics {

  private static final List<String> ALL =
      List.of("order.completed", "point.earned", "coupon.used", "order.completed.dlt");
  private static final int PARTITIONS = 6;
  private static final int MOST_REPLICAS = 3;

  /**
   * The largest order's event, which is a little more than the largest body, and a dead letter's
   * headers.
   */
  private static final int LARGEST_RECORD_BYTES = 2 * 1024 * 1024;

  private final Brokers brokers;

  Topics(Brokers brokers) {
    this.brokers = brokers;
  }

  /**
   * Makes the topics that are missing: 6 partitions, as many replicas as there are brokers, at most
   * 3.
   */
  public void makeMissing() throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = brokers.admin()) {
      Set<String> missing = new HashSet<>(ALL);
      missing.removeAll(admin.listTopics().names().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS));
      if (!missing.isEmpty()) {
        Collection<?> nodes =
            admin.describeCluster().nodes().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        short replicas = (short) Math.min(MOST_REPLICAS, nodes.size());
        make(admin, missing.stream().map(name -> topic(name, replicas)).toList());
      }
    }
  }

  private static NewTopic topic(String name, short replicas) {
    return new NewTopic(name, PARTITIONS, replicas)
        .configs(
            Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(LARGEST_RECORD_BYTES)));
  }

  private static void make(Admin admin, List<NewTopic> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      admin.createTopics(topics).all().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
        throw e;
      }
    }
  }
}
