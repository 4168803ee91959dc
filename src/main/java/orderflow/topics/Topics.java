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
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Makes the topics that are missing. */
@Component
public class Topics {

  private static final List<String> ALL =
      List.of("order.completed", "point.earned", "coupon.used", "order.completed.dlt");
  private static final int PARTITIONS = 6;
  private static final int MOST_REPLICAS = 3;
  private static final int TIMEOUT_SECONDS = 10;

  /**
   * The largest order's event, which is a little more than the largest body, and a dead letter's
   * headers.
   */
  private static final int LARGEST_RECORD_BYTES = 2 * 1024 * 1024;

  private final String brokers;

  Topics(@Value("${orderflow.kafka.brokers}") String brokers) {
    this.brokers = brokers;
  }

  /**
   * Makes the topics that are missing: 6 partitions, as many replicas as there are brokers, at most
   * 3.
   */
  public void makeMissing() throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 500,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
    try (Admin admin = Admin.create(settings)) {
      Set<String> missing = new HashSet<>(ALL);
      missing.removeAll(admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      if (!missing.isEmpty()) {
        Collection<?> nodes =
            admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
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
      admin.createTopics(topics).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
        throw e;
      }
    }
  }
}
