package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.outbox.OutboxRecord;
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
import org.springframework.context.annotation.Import;

@RouteTest
@UseAdviceWith
@Import({OutboxRoute.class, KafkaPublisher.class})
class OutboxRouteTest {

  private static final UUID ORDER = UUID.fromString("01a20334-04f4-7079-8f8d-876d10bd237b");
  private static final byte[] KEY = "c-1001".getBytes(StandardCharsets.UTF_8);
  private static final byte[] VALUE = "{}".getBytes(StandardCharsets.UTF_8);

  @Autowired CamelContext camel;
  @Autowired KafkaPublisher publisher;

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
  void sendsTheWholeListAtOnceEachRecordToItsTopic() {
    publisher.publish(List.of(event("order.completed"), event("point.earned")));

    assertThat(kafka.getReceivedCounter()).isEqualTo(1);
    assertThat(sent())
        .extracting(message -> message.getHeader(KafkaConstants.OVERRIDE_TOPIC))
        .containsExactly("order.completed", "point.earned");
    assertThat(sent().get(0).getHeader(KafkaConstants.KEY)).isEqualTo(KEY);
    assertThat(sent().get(0).getBody()).isSameAs(VALUE);
  }

  @Test
  void describesEventsInCloudEventsHeaders() {
    publisher.publish(List.of(event("order.completed")));

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

    publisher.publish(
        List.of(new OutboxRecord(1, "order.completed.dlt", null, null, null, own, Instant.EPOCH)));

    assertThat(sent().get(0).getHeaders())
        .containsOnlyKeys("consumer", KafkaConstants.OVERRIDE_TOPIC, KafkaConstants.KEY);
  }

  @Test
  void tellsTheOutboxWhenTheBrokerDoesNotAcknowledge() {
    kafka.whenAnyExchangeReceived(
        exchange -> exchange.setException(new IllegalStateException("no leader")));

    assertThatThrownBy(() -> publisher.publish(List.of(event("order.completed"))))
        .hasRootCauseMessage("no leader");
  }

  private static OutboxRecord event(String topic) {
    return new OutboxRecord(
        1, topic, KEY, VALUE, ORDER, null, Instant.parse("2026-11-22T05:00:00.123Z"));
  }

  private List<Message> sent() {
    List<?> exchanges = kafka.getExchanges().get(0).getMessage().getBody(List.class);
    return exchanges.stream().map(exchange -> ((Exchange) exchange).getMessage()).toList();
  }

  private static String text(Message message, String header) {
    return new String(message.getHeader(header, byte[].class), StandardCharsets.UTF_8);
  }
}
