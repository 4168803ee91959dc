package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import orderflow.RetryPolicy;
import orderflow.RouteTest;
import orderflow.platform.camel.NoPollWhileBatchPending;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualSyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.KafkaRecordPayload;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.test.spring.junit5.UseAdviceWith;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@RouteTest
@UseAdviceWith
@Import({OrderCompletedRoute.class, RetryPolicy.class, NoPollWhileBatchPending.class})
class OrderCompletedRouteTest {

  @Autowired CamelContext camel;
  @Autowired ProducerTemplate producer;

  @EndpointInject("mock:direct:point-consumer")
  MockEndpoint points;

  @EndpointInject("mock:direct:coupon-consumer")
  MockEndpoint coupons;

  @EndpointInject("mock:direct:email-consumer")
  MockEndpoint emails;

  private final Consumer<?, ?> kafka = mock();

  @BeforeEach
  void start() throws Exception {
    if (!camel.getStatus().isStarted()) {
      AdviceWith.adviceWith(
          camel,
          OrderCompletedRoute.ID,
          route -> {
            route.replaceFromWith("direct:records");
            route.mockEndpointsAndSkip("direct:.*-consumer");
          });
      camel.start();
      camel.getRouteController().startRoute(OrderCompletedRoute.ID);
    }
    MockEndpoint.resetMocks(camel);
  }

  @Test
  void givesTheWholeBatchToEachConsumer() throws Exception {
    for (MockEndpoint consumer : List.of(points, coupons, emails)) {
      consumer.expectedMessageCount(1);
    }

    send();

    MockEndpoint.assertIsSatisfied(camel);
    for (MockEndpoint consumer : List.of(points, coupons, emails)) {
      assertThat(consumer.getExchanges().get(0).getMessage().getBody(List.class))
          .extracting(Object::toString)
          .containsExactly("order.completed-0@6", "order.completed-1@2", "order.completed-0@7");
    }
  }

  @Test
  void readsKeyValueAndHeadersAsTheyStandOnTheTopic() {
    send();

    EventRecord first =
        (EventRecord) points.getExchanges().get(0).getMessage().getBody(List.class).get(0);
    assertThat(first.key()).asString().isEqualTo("c-1001");
    assertThat(first.value()).asString().isEqualTo("{}");
    assertThat(first.headers()).containsOnlyKeys("ce_id");
  }

  @Test
  void commitsTheEndOfEachPartitionInOneRequest() {
    assertThat(send().getException()).isNull();

    verify(kafka)
        .commitSync(
            Map.of(
                new TopicPartition("order.completed", 0), new OffsetAndMetadata(8),
                new TopicPartition("order.completed", 1), new OffsetAndMetadata(3)),
            Duration.ofSeconds(5));
  }

  @Test
  void commitsNothingWhenOneConsumerFails() {
    coupons.whenAnyExchangeReceived(
        exchange -> exchange.setException(new IllegalStateException("stopping")));

    assertThat(send().getException()).hasMessage("stopping");

    assertThat(points.getReceivedCounter()).isEqualTo(1);
    assertThat(emails.getReceivedCounter()).isEqualTo(1);
    verifyNoInteractions(kafka);
  }

  @Test
  void aBatchWhoseConsumerDiesOfLackOfMemoryFails() {
    coupons.whenAnyExchangeReceived(
        exchange -> {
          throw new OutOfMemoryError("no heap, for a test");
        });

    for (int i = 0; i < 3; i++) {
      Exchange answer = assertTimeoutPreemptively(Duration.ofSeconds(60), this::send);

      assertThat(answer.getException()).isNotNull();
    }
    verifyNoInteractions(kafka);
  }

  private Exchange send() {
    List<Exchange> batch = new ArrayList<>(List.of(record(0, 6), record(1, 2), record(0, 7)));
    return producer.send("direct:records", exchange -> exchange.getMessage().setBody(batch));
  }

  private Exchange record(int partition, long offset) {
    Exchange exchange = new DefaultExchange(camel);
    Message message = exchange.getMessage();
    message.setHeader(KafkaConstants.TOPIC, "order.completed");
    message.setHeader(KafkaConstants.PARTITION, partition);
    message.setHeader(KafkaConstants.OFFSET, offset);
    message.setHeader(KafkaConstants.KEY, bytes("c-1001"));
    message.setHeader(KafkaConstants.HEADERS, new RecordHeaders().add("ce_id", bytes("1")));
    message.setHeader(KafkaConstants.MANUAL_COMMIT, commit(partition, offset));
    message.setBody(bytes("{}"));
    return exchange;
  }

  private KafkaManualCommit commit(int partition, long offset) {
    return new DefaultKafkaManualSyncCommit(
        new CamelExchangePayload(null, kafka, "", null),
        new KafkaRecordPayload(new TopicPartition("order.completed", partition), offset, 5000),
        null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
