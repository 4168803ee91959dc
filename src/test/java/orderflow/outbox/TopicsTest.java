package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class TopicsTest {

  private static final Node A = new Node(1, "a", 9092);
  private static final Node B = new Node(2, "b", 9092);

  @Test
  void aTopicWithThreeReplicasAcknowledgesWhatTwoHave() {
    assertThat(Topics.topic("t", 6, (short) 3).configs()).containsEntry("min.insync.replicas", "2");
    assertThat(Topics.topic("t", 6, (short) 1).configs()).doesNotContainKey("min.insync.replicas");
    assertThat(Topics.topic("t", 6, (short) 2).configs()).doesNotContainKey("min.insync.replicas");
  }

  @Test
  void aTopicIsAsSafeAsItsPartitionWithTheFewestReplicas() {
    TopicDescription topic =
        new TopicDescription(
            "t",
            false,
            List.of(
                new TopicPartitionInfo(0, A, List.of(A, B), List.of(A, B)),
                new TopicPartitionInfo(1, B, List.of(B), List.of(B))));

    assertThat(Topics.replicas(topic)).isEqualTo(1);
  }
}
