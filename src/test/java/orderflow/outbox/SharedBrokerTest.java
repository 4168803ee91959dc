package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import orderflow.RealServers;
import orderflow.RetryPolicy;
import orderflow.TopicReader;
import orderflow.consumer.ConsumerProgress;
import orderflow.consumer.EventRecord;
import orderflow.consumer.OrderCompletedRoute;
import orderflow.consumer.TestConsumers;
import orderflow.platform.camel.NoPollWhileBatchPending;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.kafka.Brokers;
import orderflow.platform.kafka.Header;
import orderflow.platform.trace.Traces;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Two installations on one broker: all that speaks with Kafka, each behind a prefix of its own. */
class SharedBrokerTest {

  private static final List<String> TOPICS =
      List.of(
          "order.completed",
          "order.completed.dlt",
          "point.earned",
          "coupon.used",
          "order.cancelled",
          "order.cancelled.dlt",
          "order.returned",
          "order.returned.dlt",
          "point.changed",
          "coupon.released");

  private final String run = UUID.randomUUID().toString();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()));
  private final Installation one = new Installation(run + "-one.");
  private final Installation other = new Installation(run + "-other.");

  @BeforeEach
  void start() throws Exception {
    one.start();
    other.start();
  }

  @AfterEach
  void close() throws Exception {
    one.close();
    other.close();
    admin.deleteTopics(one.topics().keySet()).all().get();
    admin.deleteTopics(other.topics().keySet()).all().get();
    admin.close();
  }

  @Test
  void eachReadsItsOwnOrdersInAGroupOfItsOwn() throws Exception {
    publish(one, "order.completed", Map.of());
    publish(one, "order.completed", Map.of());
    UUID last = publish(other, "order.completed", Map.of());

    await()
        .untilAsserted(
            () -> {
              assertThat(one.read).hasSize(2);
              assertThat(other.read).hasSize(1);
              assertThat(one.consumers.records()).isZero();
              assertThat(other.consumers.records()).isZero();
            });
    EventRecord record = other.read.element();
    assertThat(record.topic()).isEqualTo("order.completed");
    assertThat(record.headers())
        .hasEntrySatisfying(
            "ce_type",
            type -> assertThat(type).asString().isEqualTo("orderflow.order.completed.v1"))
        .hasEntrySatisfying(
            "ce_id", id -> assertThat(id).asString().isEqualTo(last + ":order.completed"));
    assertThat(end(one)).isEqualTo(2);
    assertThat(end(other)).isEqualTo(1);
    assertThat(admin.listConsumerGroups().all().get())
        .extracting(ConsumerGroupListing::groupId)
        .contains(one.prefix + "orderflow", other.prefix + "orderflow");
  }

  @Test
  void eachHasAllTopicsUnderItsOwnNames() throws Exception {
    await()
        .untilAsserted(
            () ->
                assertThat(one.topics().keySet())
                    .containsExactlyInAnyOrderElementsOf(
                        TOPICS.stream().map(topic -> one.prefix + topic).toList()));
    assertThat(one.topics().values())
        .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(6));
  }

  @Test
  void aDeadLetterKeepsTheHeadersOfItsRecordUnderAPrefixToo() throws Exception {
    byte[] value = "a".getBytes(StandardCharsets.UTF_8);
    List<Header> twice = List.of(new Header("x", value), new Header("x", value));
    publish(one, "order.completed.dlt", RecordHeaders.of(RecordHeaders.json(twice)));

    TopicReader.Message letter =
        TopicReader.await(one.prefix + "order.completed.dlt", 1, message -> true).get(0);
    assertThat(letter.raw().headers())
        .extracting(org.apache.kafka.common.header.Header::key)
        .containsExactly("x", "x");
  }

  private static UUID publish(Installation from, String topic, Map<String, byte[]> headers)
      throws Exception {
    UUID order = UUID.randomUUID();
    CompletableFuture<Optional<Throwable>> answer = new CompletableFuture<>();
    from.publisher()
        .publish(
            new OutboxRecord(
                1,
                Priority.LIVE.number(),
                topic,
                EventType.key("c-1"),
                "{}".getBytes(StandardCharsets.UTF_8),
                order,
                headers,
                Instant.EPOCH),
            failure -> answer.complete(Optional.ofNullable(failure)));
    assertThat(answer.get(60, TimeUnit.SECONDS)).isEmpty();
    return order;
  }

  private static long end(Installation installation) throws Exception {
    return installation.consumers.ends().offsets().values().stream().mapToLong(n -> n).sum();
  }

  private final class Installation {

    private final String prefix;
    private final CamelContext camel = new DefaultCamelContext();
    private final AnnotationConfigApplicationContext beans =
        new AnnotationConfigApplicationContext();
    private final Queue<EventRecord> read = new ConcurrentLinkedQueue<>();
    private ConsumerProgress consumers;

    Installation(String prefix) {
      this.prefix = prefix;
    }

    void start() throws Exception {
      DatabaseAccess database = new DatabaseAccess(() -> true);
      beans.registerBean(Brokers.class, () -> new Brokers(RealServers.kafkaBrokers(), Map.of()));
      beans.registerBean(KafkaNames.class, () -> new KafkaNames(prefix));
      beans.registerBean(Traces.class, () -> new Traces(null));
      beans.registerBean(CamelContext.class, () -> camel);
      beans.register(
          Topics.class, ConsumerProgress.class, KafkaPublisher.class, OutboxRelayRoute.class);
      beans.refresh();
      beans.getBean(Topics.class).makeMissing();
      consumers = beans.getBean(ConsumerProgress.class);

      Properties settings = new Properties();
      settings.setProperty("orderflow.kafka.brokers", RealServers.kafkaBrokers());
      settings.setProperty("orderflow.kafka.prefix", prefix);
      settings.setProperty("orderflow.consumer.threads", "1");
      settings.setProperty("orderflow.consumer.batch", "500");
      camel.getPropertiesComponent().setInitialProperties(settings);
      camel.getRegistry().bind("noPollWhileBatchPending", new NoPollWhileBatchPending(database));
      camel.addRoutes(beans.getBean(OutboxRelayRoute.class));
      camel.addRoutes(new OrderCompletedRoute(new RetryPolicy(database, TestConsumers.REDELIVERY)));
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            @SuppressWarnings("unchecked")
            public void configure() {
              from("direct:point-consumer")
                  .process(batch -> read.addAll(batch.getMessage().getBody(List.class)));
              from("direct:coupon-consumer").stop();
              from("direct:email-consumer").stop();
            }
          });
      camel.start();
      camel.getRouteController().startRoute(OrderCompletedRoute.ID);
    }

    KafkaPublisher publisher() {
      return beans.getBean(KafkaPublisher.class);
    }

    Map<String, TopicDescription> topics() throws Exception {
      return admin
          .describeTopics(
              admin.listTopics().names().get().stream()
                  .filter(topic -> topic.startsWith(prefix))
                  .collect(Collectors.toSet()))
          .allTopicNames()
          .get();
    }

    void close() throws Exception {
      camel.close();
      beans.close();
    }
  }
}
