package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import orderflow.platform.kafka.Header;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordHeadersTest {

  private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TWO = "two".getBytes(StandardCharsets.UTF_8);

  /** What a version that knows no list has stored and reads. */
  @Test
  void ordinaryHeadersAreAnObjectOfTheirNames() {
    String json = RecordHeaders.json(List.of(new Header("a", ONE), new Header("b", TWO)));

    assertThat(json).isEqualTo("{\"a\":\"b25l\",\"b\":\"dHdv\"}");
    assertThat(RecordHeaders.json(Map.of("a", ONE))).isEqualTo("{\"a\":\"b25l\"}");
    assertThat(RecordHeaders.of(json)).containsOnlyKeys("a", "b").containsEntry("b", TWO);
  }

  @Test
  void keepsNamesTwiceNullsAndNul() {
    List<Header> headers =
        List.of(
            new Header("a", ONE),
            new Header("none", null),
            new Header("a", TWO),
            new Header("nul\0", ONE),
            new Header("", ONE),
            new Header("Kafka.Key", ONE));

    String json = RecordHeaders.json(headers);

    assertThat(RecordHeaders.list(json))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(headers);
    assertThat(RecordHeaders.of(json)).containsEntry("a", TWO).doesNotContainKey("none");
    assertThat(json).doesNotContain("\\u0000");
  }

  @Test
  void namesLikeCamelsOwnAreInTheListAlone() {
    for (String name : List.of("kafka.KEY", "CamelHttpUri", "org.apache.camel.x")) {
      assertThat(RecordHeaders.of(RecordHeaders.json(List.of(new Header(name, ONE)))))
          .containsKey(RecordHeaders.LIST);
    }
  }

  @Test
  void aHeaderNamedLikeTheListIsAHeader() {
    List<Header> headers = List.of(new Header("orderflow-headers", ONE));

    assertThat(RecordHeaders.list(RecordHeaders.json(headers)))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(headers);
  }

  @Test
  void aDeadLetterIsSentWithTheHeadersOfItsRecord() {
    List<Header> headers =
        List.of(
            new Header("a", ONE),
            new Header("a", TWO),
            new Header("none", null),
            new Header("kafka.KEY", ONE));

    assertThat(sent(headers))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(headers);
    assertThat(sent(headers.subList(0, 1))).hasSize(1);
  }

  private static List<Header> sent(List<Header> headers) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("shop-a.order.completed.dlt", ONE, TWO);
    RecordHeaders.of(RecordHeaders.json(headers))
        .forEach((name, value) -> record.headers().add(name, value));
    ProducerRecord<byte[], byte[]> sent;
    try (OriginalHeaders interceptor = new OriginalHeaders()) {
      sent = interceptor.onSend(record);
    }
    assertThat(sent.key()).isEqualTo(ONE);
    assertThat(sent.value()).isEqualTo(TWO);
    List<Header> all = new ArrayList<>();
    sent.headers().forEach(header -> all.add(new Header(header.key(), header.value())));
    return all;
  }
}
