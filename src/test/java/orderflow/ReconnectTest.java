package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import orderflow.consumer.OrderCompletedRoute;
import orderflow.consumer.TestConsumers;
import orderflow.platform.camel.NoPollWhileBatchPending;
import orderflow.platform.jdbc.DatabaseAccess;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who has fallen out with Kafka connects anew and goes on: the route that reads order.completed, on
 * a topic and in a group of its own, before the running application's consumers.
 */
@OrderflowTest
class ReconnectTest {

  private static final String[] CONSUMERS = {"point-consumer", "coupon-consumer", "email-consumer"};

  @Autowired JdbcClient jdbc;
  @Autowired ProducerTemplate consumers;

  private final DatabaseAccess database = new DatabaseAccess(() -> true);
  private final String run = UUID.randomUUID().toString();
  private final String topic = run + ".order.completed";
  private final String groupId = run + ".orderflow";
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()));
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", RealServers.kafkaBrokers()),
          new StringSerializer(),
          new StringSerializer());
  private final CamelContext camel = new DefaultCamelContext();
  private final AtomicInteger batches = new AtomicInteger();
  private final CountDownLatch firstMayGoOn = new CountDownLatch(1);

  @BeforeEach
  void makeTopic() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
  }

  @AfterEach
  void close() throws Exception {
    firstMayGoOn.countDown();
    camel.close();
    producer.close();
    admin.close();
  }

  @Test
  void aBatchThatTakesTooLongGoesToAnotherAndHasItsEffectsOnce() throws Exception {
    read(new NoPollWhileBatchPending(database), "maxPollIntervalMs=1000");
    awaitMembers(2);

    send(0);
    await().until(() -> batches.get() >= 2);
    await().until(() -> balance() == 10);
    firstMayGoOn.countDown();

    awaitMembers(2);
    send(0);
    send(1);
    await().until(() -> balance() == 30);
    assertThat(count("point_entry")).isEqualTo(3);
    assertThat(count("dead_letter")).isZero();
  }

  @Test
  void aConsumerWhosePollFailsIsReplaced() throws Exception {
    firstMayGoOn.countDown();
    AtomicInteger made = new AtomicInteger();
    read(
        new NoPollWhileBatchPending(database) {
          @Override
          public Consumer<byte[], byte[]> getConsumer(Properties properties) {
            return made.incrementAndGet() > 2 ? super.getConsumer(properties) : failing();
          }
        },
        "maxPollIntervalMs=90000");

    send(0);
    send(1);

    await().until(() -> balance() == 20);
    awaitMembers(2);
    assertThat(made).hasValue(4);
  }

  private static Consumer<byte[], byte[]> failing() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>(OffsetResetStrategy.EARLIEST);
    consumer.setPollException(new KafkaException("a failure of the test's"));
    return consumer;
  }

  private void read(KafkaClientFactory kafka, String maxPollInterval) throws Exception {
    camel.getRegistry().bind("noPollWhileBatchPending", kafka);
    Properties settings = new Properties();
    settings.setProperty("orderflow.kafka.brokers", RealServers.kafkaBrokers());
    settings.setProperty("orderflow.kafka.prefix", run + ".");
    settings.setProperty("orderflow.consumer.threads", "2");
    settings.setProperty("orderflow.consumer.batch", "500");
    camel.getPropertiesComponent().setInitialProperties(settings);
    camel.addRoutes(new OrderCompletedRoute(new RetryPolicy(database, TestConsumers.REDELIVERY)));
    for (String consumer : CONSUMERS) {
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:" + consumer)
                  .errorHandler(noErrorHandler())
                  .process(batch -> holdTheFirst(consumer))
                  .process(batch -> apply(consumer, batch));
            }
          });
    }
    AdviceWith.adviceWith(
        camel,
        OrderCompletedRoute.ID,
        route ->
            route.replaceFromWith(
                route
                    .getOriginalRoute()
                    .getInput()
                    .getEndpointUri()
                    .replace("maxPollIntervalMs=90000", maxPollInterval)));
    camel.start();
    camel.getRouteController().startRoute(OrderCompletedRoute.ID);
  }

  /** By the running application's consumer. */
  private void apply(String consumer, Exchange batch) {
    Object records = batch.getMessage().getBody();
    consumers.sendBody("direct:" + consumer, records);
  }

  private void holdTheFirst(String consumer) throws InterruptedException {
    if (consumer.equals("point-consumer") && batches.incrementAndGet() == 1) {
      assertThat(firstMayGoOn.await(120, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void awaitMembers(int members) {
    await()
        .until(
            () -> {
              ConsumerGroupDescription group =
                  admin
                      .describeConsumerGroups(List.of(groupId))
                      .describedGroups()
                      .get(groupId)
                      .get();
              return group.state() == ConsumerGroupState.STABLE
                  && group.members().size() == members;
            });
  }

  /** An order worth 10 points. */
  private void send(int partition) {
    String event =
        """
        {"orderId":"%s","customer":{"id":"%s","email":"kim@example.com","name":"Kim"},"currency":"KRW",
         "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"1000"}],
         "subtotal":"1000","discount":"0","total":"1000","completedAt":"2026-11-22T05:00:00Z"}\
        """
            .formatted(UUID.randomUUID(), run);
    producer.send(new ProducerRecord<>(topic, partition, run, event));
  }

  private int count(String table) {
    return jdbc.sql("select count(*) from " + table + " where customer_id = ?")
        .param(run)
        .query(Integer.class)
        .single();
  }

  private long balance() {
    return jdbc.sql("select coalesce(sum(balance), 0) from point_balance where customer_id = ?")
        .param(run)
        .query(Long.class)
        .single();
  }
}
