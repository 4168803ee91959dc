package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import orderflow.consumer.Bisect;
import orderflow.consumer.EventRecord;
import orderflow.consumer.HeldRecords;
import orderflow.consumer.OrderCompletedRoute;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.ParsedRecord;
import orderflow.consumer.TestConsumers;
import orderflow.deadletter.DeadLetters;
import orderflow.platform.camel.NoPollWhileBatchPending;
import orderflow.platform.jdbc.DatabaseAccess;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Instances that lose their database, or a part of it: the route that reads order.completed, on a
 * topic and in a group of its own, before the running application's consumers. Each instance has
 * two consumers and is refused what the test says.
 */
@OrderflowTest
class CutOffTest {

  private static final Duration REST = Duration.ofMillis(500);

  @Autowired JdbcClient jdbc;
  @Autowired ProducerTemplate consumers;
  @Autowired DeadLetters deadLetters;

  private final String run = UUID.randomUUID().toString();
  private final String topic = run + ".order.completed";
  private final String groupId = run + ".orderflow";
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()));
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", RealServers.kafkaBrokers()),
          new StringSerializer(),
          new StringSerializer());
  private final List<Instance> instances = new ArrayList<>();

  @BeforeEach
  void makeTopic() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all().get();
  }

  @AfterEach
  void close() throws Exception {
    for (Instance instance : instances) {
      instance.repair();
      instance.camel.close();
    }
    producer.close();
    admin.close();
  }

  @Test
  void anInstanceWithoutItsDatabaseLeavesItsPartitionsToOthersAndComesBack() throws Exception {
    Instance cutOff = new Instance();
    Instance other = new Instance();
    awaitMembers(4);

    cutOff.lose();
    for (int partition = 0; partition < 4; partition++) {
      send(partition, "a");
    }

    await().until(() -> balance("a") == 40);
    awaitMembers(2);
    assertThat(other.database.isLost()).isFalse();
    send(0, "a");
    send(1, "a");
    await().until(() -> balance("a") == 60);
    int before = cutOff.batches.get();

    cutOff.repair();
    awaitMembers(4);
    await()
        .until(
            () -> {
              send(0, "b");
              send(1, "b");
              send(2, "b");
              send(3, "b");
              return cutOff.batches.get() > before;
            });
    assertThat(count("dead_letter")).isZero();
  }

  @Test
  void aRecordThatAloneIsRefusedIsADeadLetterOnceOthersAreTaken() throws Exception {
    Instance instance = new Instance();
    awaitMembers(2);
    instance.refuse("XX001", record -> customer(record).endsWith("-corrupt"));

    send(0, "a");
    send(0, "corrupt");
    send(0, "a");
    send(1, "a");

    await().until(() -> balance("a") == 30);
    await().until(() -> count("dead_letter") == 1);
    assertThat(
            jdbc.sql("select consumer || ' ' || error from dead_letter where customer_id like ?")
                .param(run + "%")
                .query(String.class)
                .single())
        .startsWith("point-consumer is refused while others are taken: ");
    awaitCommitted(0, 3);
  }

  @Test
  void aMissingTableMakesNoDeadLetterAndAllGoesOnOnceItIsThere() throws Exception {
    Instance instance = new Instance();
    awaitMembers(2);
    instance.refuse("42P01", record -> true);

    for (int i = 0; i < 40; i++) {
      send(i % 4, "a");
    }
    int batches = instance.batches.get();
    await().until(() -> instance.batches.get() > batches + 20);
    await().until(() -> instance.held.of("point-consumer").count() == 40);
    await("mails, which another consumer queues").until(() -> count("mail") == 40);

    instance.repair();
    await().until(() -> balance("a") == 400);
    await().until(() -> instance.held.of("point-consumer").count() == 0);
    assertThat(count("dead_letter")).isZero();
    awaitMembers(2);
    for (int partition = 0; partition < 4; partition++) {
      awaitCommitted(partition, 10);
    }
  }

  /** As when another transaction holds a row for a long time. */
  @Test
  void aPartitionWaitsForALockAndTheOthersGoOn() throws Exception {
    Instance instance = new Instance();
    awaitMembers(2);
    instance.refuse("55P03", record -> customer(record).endsWith("-locked"));

    send(0, "locked");
    send(0, "a");
    await().until(() -> instance.held.of("point-consumer").count() > 0);
    for (int partition = 1; partition < 4; partition++) {
      send(partition, "b");
    }
    await().until(() -> balance("b") == 30);
    assertThat(balance("locked")).isZero();

    instance.repair();
    await().until(() -> balance("locked") == 10 && balance("a") == 10);
    assertThat(count("dead_letter")).isZero();
    awaitCommitted(0, 2);
  }

  /** What an operator sets on the component changes nothing. */
  @Test
  void aBatchThatFailsIsNotCommittedAndIsReadAgain() throws Exception {
    Instance instance = new Instance();
    awaitMembers(2);
    instance.isStopping = true;

    send(0, "a");
    await().until(() -> instance.batches.get() >= 2);
    assertThat(committed(0)).isZero();

    instance.isStopping = false;
    await().until(() -> balance("a") == 10);
    awaitCommitted(0, 1);
  }

  private final class Instance {

    private final CamelContext camel = new DefaultCamelContext();
    private final AtomicInteger batches = new AtomicInteger();
    private volatile boolean lost;
    private volatile boolean isStopping;
    private volatile String sqlState = "";
    private volatile Predicate<EventRecord> refused = record -> false;
    private final DatabaseAccess database = new DatabaseAccess(() -> !lost);
    private final HeldRecords held = new HeldRecords(database);

    Instance() throws Exception {
      instances.add(this);
      camel
          .getRegistry()
          .bind("noPollWhileBatchPending", new NoPollWhileBatchPending(database, REST));
      Properties settings = new Properties();
      settings.setProperty("orderflow.kafka.brokers", RealServers.kafkaBrokers());
      settings.setProperty("orderflow.kafka.prefix", run + ".");
      settings.setProperty("orderflow.consumer.threads", "2");
      settings.setProperty("orderflow.consumer.batch", "500");
      camel.getPropertiesComponent().setInitialProperties(settings);
      RetryPolicy failures = new RetryPolicy(database, TestConsumers.REDELIVERY);
      camel.addRoutes(failures);
      camel.addRoutes(new OrderCompletedRoute(failures));
      camel.addRoutes(new Consumers());
      camel.start();
      camel.getRouteController().startRoute(OrderCompletedRoute.ID);
    }

    void lose() {
      refuse("08006", record -> true);
      lost = true;
    }

    void refuse(String state, Predicate<EventRecord> records) {
      sqlState = state;
      refused = records;
    }

    void repair() {
      lost = false;
      isStopping = false;
      refused = record -> false;
    }

    private void meet(String consumer, Exchange exchange) throws SQLException {
      List<ParsedRecord<EventRecord>> batch = ParseRecords.readings(exchange);
      if (consumer.equals("point-consumer")) {
        batches.incrementAndGet();
        if (isStopping) {
          throw new RejectedExecutionException("stopping, for a test");
        }
        if (batch.stream().map(ParsedRecord::record).anyMatch(refused)) {
          throw new SQLException("refused by the test", sqlState);
        }
      }
    }

    /** As the application's, but for what they are refused. */
    private final class Consumers extends RouteBuilder {

      @Override
      public void configure() {
        ProducerTemplate routes = getContext().createProducerTemplate();
        for (String consumer : List.of("point-consumer", "coupon-consumer", "email-consumer")) {
          from("direct:" + consumer)
              .routeConfigurationId(RetryPolicy.CONSUMER)
              .process(new ParseRecords<>(record -> record))
              .process(new Bisect(routes, "direct:apply-" + consumer, consumer, held))
              .process(
                  done -> {
                    if (!ParseRecords.failed(done).isEmpty()) {
                      deadLetters.record(consumer, ParseRecords.failed(done));
                    }
                  });
          from("direct:apply-" + consumer)
              .routeConfigurationId(RetryPolicy.CONSUMER)
              .process(batch -> meet(consumer, batch))
              .process(
                  batch -> {
                    List<EventRecord> records =
                        ParseRecords.<EventRecord>readings(batch).stream()
                            .map(ParsedRecord::record)
                            .toList();
                    Exchange applied =
                        consumers.send(
                            "direct:" + consumer, inner -> inner.getMessage().setBody(records));
                    if (applied.getException() != null) {
                      throw applied.getException();
                    }
                  });
        }
      }
    }
  }

  private static String customer(EventRecord record) {
    return record.event().customerId();
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

  private void awaitCommitted(int partition, long offset) {
    await().until(() -> committed(partition) == offset);
  }

  private long committed(int partition) throws Exception {
    var offset =
        admin
            .listConsumerGroupOffsets(groupId)
            .partitionsToOffsetAndMetadata()
            .get()
            .get(new TopicPartition(topic, partition));
    return offset == null ? 0 : offset.offset();
  }

  /** An order worth 10 points. */
  private void send(int partition, String customer) {
    String event =
        """
        {"orderId":"%s","customer":{"id":"%s-%s","email":"kim@example.com","name":"Kim"},"currency":"KRW",
         "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"1000"}],
         "subtotal":"1000","discount":"0","total":"1000","completedAt":"2026-11-22T05:00:00Z"}\
        """
            .formatted(UUID.randomUUID(), run, customer);
    producer.send(new ProducerRecord<>(topic, partition, run, event));
  }

  private int count(String table) {
    return jdbc.sql("select count(*) from " + table + " where customer_id like ?")
        .param(run + "%")
        .query(Integer.class)
        .single();
  }

  private long balance(String customer) {
    return jdbc.sql("select coalesce(sum(balance), 0) from point_balance where customer_id = ?")
        .param(run + "-" + customer)
        .query(Long.class)
        .single();
  }
}
