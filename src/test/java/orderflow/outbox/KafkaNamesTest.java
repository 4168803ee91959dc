package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KafkaNamesTest {

  private static final int LONGEST_PREFIX = 249 - "order.completed.dlt".length();

  @Test
  void withoutAPrefixANameIsTheLogicalOne() {
    assertThat(bound("").of("order.completed")).isEqualTo("order.completed");
  }

  @Test
  void aPrefixStandsBeforeTheName() {
    assertThat(bound("Shop-a_1.").of("orderflow")).isEqualTo("Shop-a_1.orderflow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop a.", "shop/", "가게.", "a,b", "a\nb", "*", "a:"})
  void aPrefixWithCharactersThatKafkaDoesNotAllowIsRefusedInOneLine(String prefix) {
    assertThatThrownBy(() -> bound(prefix))
        .isInstanceOf(BindException.class)
        .rootCause()
        .message()
        .startsWith("orderflow.kafka.prefix must consist of A-Z, a-z, 0-9, '.', '_' and '-'")
        .doesNotContain("\n");
  }

  @Test
  void aPrefixLeavesRoomForTheLongestName() {
    assertThat(bound("x".repeat(LONGEST_PREFIX)).of("order.completed.dlt")).hasSize(249);
    assertThatThrownBy(() -> bound("x".repeat(LONGEST_PREFIX + 1)))
        .hasRootCauseMessage(
            "orderflow.kafka.prefix must have at most 230 characters and has 231:"
                + " Kafka's limit is 249 for a whole name");
  }

  private static KafkaNames bound(String prefix) {
    return new Binder(new MapConfigurationPropertySource(Map.of("orderflow.kafka.prefix", prefix)))
        .bind("orderflow.kafka", KafkaNames.class)
        .get();
  }
}
