package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.OpenApi;
import org.junit.jupiter.api.Test;

class EventTypeTest {

  @Test
  void isFoundByItsTopicAlone() {
    assertThat(EventType.of("coupon.used")).contains(EventType.COUPON_USED);
    assertThat(EventType.of("order.completed.dlt")).isEmpty();
    assertThat(EventType.of("order.shipped")).isEmpty();
  }

  @Test
  void onlyWhatConsumersReadHasATopicOfDeadLetters() {
    assertThat(EventType.ORDER_COMPLETED.deadLetterTopic()).contains("order.completed.dlt");
    assertThat(EventType.POINT_EARNED.deadLetterTopic()).isEmpty();
    assertThat(EventType.isDeadLetterTopic("order.completed.dlt")).isTrue();
    assertThat(EventType.isDeadLetterTopic("point.earned.dlt")).isFalse();
  }

  @Test
  void everyRecordThatWasGivenUpOnHasAPlaceToGo() {
    for (String topic : List.of("order.completed", "point.earned", "order.shipped")) {
      assertThat(EventType.deadLetterTopicOf(topic)).isEqualTo("order.completed.dlt");
    }
  }

  /** So that changing a name, or adding an event, is a matter of one file. */
  @Test
  void theNameOfATopicStandsInOneFileOfTheProgram() throws IOException {
    Pattern names =
        Pattern.compile(
            Arrays.stream(EventType.values())
                .map(type -> Pattern.quote(type.topic()))
                .collect(Collectors.joining("|", "(?<!\\w)(", ")(?![\\w(])")));
    List<Path> naming = new ArrayList<>();
    for (Path root :
        List.of(Path.of("src/main/java"), Path.of("routes"), Path.of("src/main/resources/sql"))) {
      try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
        for (Path file : files.toList()) {
          if (names.matcher(Files.readString(file)).find()) {
            naming.add(file.getFileName());
          }
        }
      }
    }
    assertThat(naming).containsExactly(Path.of("EventType.java"));
  }

  @Test
  void theDocumentOfTheEventsHasAllTopics() {
    JsonNode document = OpenApi.read("/static/asyncapi.yaml");
    List<String> channels = new ArrayList<>();
    document.path("channels").fieldNames().forEachRemaining(channels::add);

    assertThat(channels)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EventType.values())
                .flatMap(
                    type -> Stream.concat(Stream.of(type.topic()), type.deadLetterTopic().stream()))
                .toList());
  }
}
