package orderflow.platform.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import orderflow.RouteTest;
import orderflow.consumer.ConsumerProgress;
import orderflow.outbox.KafkaNames;
import orderflow.outbox.KafkaPublisher;
import orderflow.outbox.OutboxRecord;
import orderflow.outbox.OutboxRelayRoute;
import orderflow.outbox.Priority;
import orderflow.outbox.Topics;
import orderflow.platform.embedded.SecureKafka;
import orderflow.platform.kafka.Brokers;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** All that speaks with Kafka, with a broker that wants TLS and a login. */
@RouteTest
@EnableConfigurationProperties({Brokers.class, KafkaNames.class})
@Import({
  OutboxRelayRoute.class,
  KafkaPublisher.class,
  NoPollWhileBatchPending.class,
  KafkaClientProperties.class,
  Topics.class,
  ConsumerProgress.class,
  KafkaClientPropertiesTest.Reader.class
})
class KafkaClientPropertiesTest {

  private static final SecureKafka KAFKA = new SecureKafka();

  @Autowired Topics topics;
  @Autowired ConsumerProgress progress;
  @Autowired KafkaPublisher publisher;

  @EndpointInject("mock:read")
  MockEndpoint read;

  @DynamicPropertySource
  static void login(DynamicPropertyRegistry registry) {
    registry.add("orderflow.kafka.brokers", KAFKA::address);
    SecureKafka.client("secret")
        .forEach((name, value) -> registry.add("orderflow.kafka.properties." + name, () -> value));
  }

  @AfterAll
  static void stop() {
    KAFKA.close();
  }

  @Test
  void topicsAreMadeAndRecordsPublishedAndReadOverTlsWithALogin() throws Exception {
    topics.makeMissing();
    byte[] value = "{}".getBytes(StandardCharsets.UTF_8);

    assertThat(publish("order.completed", value)).isEmpty();

    read.expectedMessageCount(1);
    read.assertIsSatisfied(60_000);
    List<?> batch = read.getExchanges().get(0).getMessage().getBody(List.class);
    assertThat(((Exchange) batch.get(0)).getMessage().getBody(byte[].class)).isEqualTo(value);
    assertThat(progress.ends().offsets().values()).contains(1L);
  }

  @Test
  void aTopicWithoutRightsIsRefusedAndTheOthersAreNot() throws Exception {
    topics.makeMissing();
    byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
    KAFKA.forbidToWrite("order.completed.dlt");

    await()
        .until(
            () ->
                publish("order.completed.dlt", value)
                    .filter(TopicAuthorizationException.class::isInstance)
                    .isPresent());
    assertThat(publish("point.earned", value)).isEmpty();
  }

  private Optional<Throwable> publish(String topic, byte[] value) throws Exception {
    CompletableFuture<Optional<Throwable>> answer = new CompletableFuture<>();
    publisher.publish(
        new OutboxRecord(
            1, Priority.LIVE.number(), topic, value, value, UUID.randomUUID(), null, Instant.now()),
        failure -> answer.complete(Optional.ofNullable(failure)));
    return answer.get(60, TimeUnit.SECONDS);
  }

  static class Reader extends RouteBuilder {
    @Override
    public void configure() {
      from("kafka:order.completed?brokers={{orderflow.kafka.brokers}}&groupId=orderflow&autoOffsetReset=earliest"
              + "&batching=true&maxPollRecords=10&batchingIntervalMs=0&pollTimeoutMs=1000&kafkaClientFactory=#noPollWhileBatchPending"
              + "&valueDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
              + "&metadataMaxAgeMs=500")
          .to("mock:read");
    }
  }
}
