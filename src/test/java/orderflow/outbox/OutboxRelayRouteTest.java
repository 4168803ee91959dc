package orderflow.outbox;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.RouteTest;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.UseAdviceWith;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

@RouteTest
@UseAdviceWith
@EnableConfigurationProperties(KafkaNames.class)
@Import({OutboxRelayRoute.class, KafkaPublisher.class})
class OutboxRelayRouteTest {

  private static final short LIVE = Priority.LIVE.number();
  private static final UUID ORDER = UUID.fromString("01a20334-04f4-7079-8f8d-876d10bd237b");
  private static final byte[] KEY = "c-1001".getBytes(StandardCharsets.UTF_8);
  private static final byte[] VALUE = "{}".getBytes(StandardCharsets.UTF_8);

  @Autowired CamelContext camel;
  @Autowired KafkaPublisher publisher;

  private final List<Optional<Throwable>> answers = new ArrayList<>();

  @EndpointInject("mock:kafka")
  MockEndpoint kafka;

  @BeforeEach
  void start() throws Exception {
    if (!camel.getStatus().isStarted()) {
      AdviceWith.adviceWith(
          camel, "publish", route -> route.weaveByToUri("kafka:*").replace().to("mock:kafka"));
      camel.start();
    }
    MockEndpoint.resetMocks(camel);
  }

  @Test
  void sendsEachRecordToItsTopic() {
    publish(event("order.completed"));
    publish(event("point.earned"));

    assertThat(sent())
        .extracting(message -> message.getHeader(KafkaConstants.OVERRIDE_TOPIC))
        .containsExactly("order.completed", "point.earned");
    assertThat(sent().get(0).getHeader(KafkaConstants.KEY)).isEqualTo(KEY);
    assertThat(sent().get(0).getBody()).isSameAs(VALUE);
  }

  @Test
  void describesEventsInCloudEventsHeaders() {
    publish(event("order.completed"));

    Message message = sent().get(0);
    assertThat(text(message, "ce_specversion")).isEqualTo("1.0");
    assertThat(text(message, "ce_id")).isEqualTo(ORDER + ":order.completed");
    assertThat(text(message, "ce_source")).isEqualTo("/orderflow");
    assertThat(text(message, "ce_type")).isEqualTo("orderflow.order.completed.v1");
    assertThat(text(message, "ce_time")).isEqualTo("2026-11-22T05:00:00.123Z");
    assertThat(text(message, "ce_subject")).isEqualTo(ORDER.toString());
    assertThat(text(message, "content-type")).isEqualTo("application/json");
  }

  @Test
  void givesADeadLetterItsOwnHeadersAndNoOthers() {
    Map<String, byte[]> own = Map.of("consumer", "point-consumer".getBytes(StandardCharsets.UTF_8));

    publish(new OutboxRecord(1, LIVE, "order.completed.dlt", null, null, null, own, Instant.EPOCH));

    assertThat(sent().get(0).getHeaders())
        .containsOnlyKeys("consumer", KafkaConstants.OVERRIDE_TOPIC, KafkaConstants.KEY);
  }

  @Test
  void answersForEachRecordOfItsOwn() {
    kafka.whenExchangeReceived(
        2, exchange -> exchange.setException(new IllegalStateException("no leader")));

    publish(event("order.completed"));
    publish(event("point.earned"));
    publish(event("coupon.used"));

    assertThat(answers).hasSize(3);
    assertThat(answers.get(0)).isEmpty();
    assertThat(answers.get(1)).get(as(THROWABLE)).hasMessage("no leader");
    assertThat(answers.get(2)).isEmpty();
  }

  private void publish(OutboxRecord record) {
    publisher.publish(record, failure -> answers.add(Optional.ofNullable(failure)));
  }

  private static OutboxRecord event(String topic) {
    return new OutboxRecord(
        1, LIVE, topic, KEY, VALUE, ORDER, null, Instant.parse("2026-11-22T05:00:00.123Z"));
  }

  private List<Message> sent() {
    return kafka.getExchanges().stream().map(Exchange::getMessage).toList();
  }

  private static String text(Message message, String header) {
    return new String(message.getHeader(header, byte[].class), StandardCharsets.UTF_8);
  }
}
