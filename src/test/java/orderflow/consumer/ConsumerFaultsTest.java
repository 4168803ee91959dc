package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import orderflow.FailingInserts;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL and Kafka do to a batch that is being handled: no effect is lost or doubled. */
@OrderflowTest
class ConsumerFaultsTest {

  @Autowired DataSource database;
  @Autowired JdbcClient jdbc;

  private final String run = UUID.randomUUID().toString();
  private final String first = run + "-a";
  private final String second = run + "-b";

  @BeforeEach
  void openAccounts() {
    jdbc.sql("insert into point_balance values (?, 0), (?, 0)").params(first, second).update();
  }

  /**
   * Of one record, which halving can't save. The other books points of the same order, and so waits
   * for the batch, which waits for the customer's account.
   */
  @Test
  void aBatchThatIsTheVictimOfADeadlockIsTriedAgain() throws SQLException {
    UUID order = UUID.randomUUID();
    try (Connection other = RealServers.superuser().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("set local deadlock_timeout = '1min'"); // so that it is not the victim
      lock(statement, first);
      send(event(order, first));
      awaitBlockedBatches(1);
      statement.execute("insert into point_entry values ('" + order + "', 'nobody', 1, now())");
      other.rollback();
    }

    assertPointsBookedOnce(first);
  }

  /** Serialization failure, disk full, a database that is read-only since a fail-over. */
  @ParameterizedTest
  @ValueSource(strings = {"40001", "53100", "25006"})
  void aBatchThatTheDatabaseCannotTakeNowIsTriedAgain(String sqlState) {
    try (FailingInserts inserts =
        FailingInserts.into(
            jdbc, "point_entry", "new.customer_id = '" + second + "'", sqlState, 2)) {
      send(event(first), event(second));

      assertPointsBookedOnce(first, second);
      assertThat(jdbc.sql("select nextval('attempts_of_test')").query(Integer.class).single())
          .isEqualTo(4);
    }
  }

  /** Each attempt is counted at the first of its rows, and a sequence is never rolled back. */
  @Test
  void theRecordThatTheDatabaseRefusesIsFoundAmong500ByBisecting() {
    String culprit = run + "-321";
    jdbc.sql(
            """
            create sequence attempts_of_test;
            create function refuse_one() returns trigger language plpgsql as $$
              begin
                if new.customer_id like '%s-%%' then
                  if coalesce(current_setting('test.counted', true), '') = '' then
                    perform nextval('attempts_of_test'), set_config('test.counted', 'yes', true);
                  end if;
                  if new.customer_id = '%s' then
                    raise 'too many' using errcode = '22003';
                  end if;
                end if;
                return new;
              end $$;
            create trigger refuse_one before insert on point_entry
              for each row execute function refuse_one();
            """
                .formatted(run, culprit))
        .update();

    send(IntStream.range(0, 500).mapToObj(i -> event(run + "-" + i)).toArray(String[]::new));

    await()
        .until(
            () ->
                countOfRun("mail") == 500
                    && countOfRun("dead_letter") > 0
                    && countOfRun("point_balance where balance = 10") == 499);
    assertThat(
            jdbc.sql("select consumer || ': ' || error from dead_letter where customer_id = ?")
                .param(culprit)
                .query(String.class)
                .list())
        .singleElement()
        .asString()
        .startsWith("point-consumer: ")
        .contains("too many");
    assertThat(countOfRun("dead_letter")).isEqualTo(1);
    assertThat(countOfRun("point_entry where points = 10")).isEqualTo(499);
    assertThat(countOfRun("point_balance where balance = 10")).isEqualTo(499);
    assertThat(jdbc.sql("select last_value from attempts_of_test").query(Integer.class).single())
        .as("attempts: neither all at once nor one by one, whoever's records were among them")
        .isBetween(15, 60);
  }

  @AfterEach
  void dropTrigger() {
    jdbc.sql(
            """
            drop function if exists refuse_one cascade;
            drop sequence if exists attempts_of_test;
            """)
        .update();
  }

  /** Whoever was thrown out of the group can't commit; the other thread reads the batch again. */
  @Test
  void aBatchWhosePartitionIsTakenAwayMeanwhileHasItsEffectsOnce() throws Exception {
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement();
        Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()))) {
      int members = members(admin).size();
      other.setAutoCommit(false);
      lock(statement, first);
      send(event(first), event(second));
      awaitBlockedBatches(1);
      admin
          .removeMembersFromConsumerGroup("orderflow", new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
      awaitBlockedBatches(2);
      other.commit();

      assertPointsBookedOnce(first, second);
      send(event(first), event(second));
      await().until(() -> balance(first) == 20 && balance(second) == 20);
      await("all are back, for the next test").until(() -> members(admin).size() == members);
    }
  }

  /**
   * Members rejoin when their batches are through and committed: whoever gave up its partitions
   * before that could not commit, would leave the group and come back. One member is late by a
   * batch; the other has just taken a batch when it hears of the new member.
   */
  @Test
  void aMemberThatJoinsMeanwhileMakesNobodyLeaveTheGroup() throws Exception {
    try (Connection holder = database.getConnection();
        Statement statement = holder.createStatement();
        Admin admin = Admin.create(Map.of("bootstrap.servers", RealServers.kafkaBrokers()));
        KafkaProducer<String, String> producer = producer();
        KafkaConsumer<byte[], byte[]> other = member()) {
      Map<String, Integer> members = members(admin);
      List<Integer> partitions = members.values().stream().filter(p -> p >= 0).toList();
      holder.setAutoCommit(false);
      lock(statement, first);
      lock(statement, second);
      producer.send(new ProducerRecord<>("order.completed", partitions.get(0), run, event(first)));
      producer.flush();
      awaitBlockedBatches(1);

      producer.send(new ProducerRecord<>("order.completed", partitions.get(1), run, event(second)));
      producer.flush();
      other.subscribe(List.of("order.completed"));
      await()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> other.poll(Duration.ofMillis(10)).isEmpty() && isRebalancing(admin));
      awaitBlockedBatches(2);
      holder.commit();

      await()
          .until(
              () -> {
                other.poll(Duration.ofMillis(10));
                return !other.assignment().isEmpty();
              });
      assertThat(members(admin).keySet()).containsAll(members.keySet()).hasSize(members.size() + 1);
      other.close();
      await().until(() -> members(admin).keySet().equals(members.keySet()));
    }

    assertPointsBookedOnce(first, second);
  }

  /** The group's members when it is at rest, with one of the partitions of each, or -1. */
  private static Map<String, Integer> members(Admin admin) throws Exception {
    AtomicReference<ConsumerGroupDescription> group = new AtomicReference<>();
    await()
        .until(
            () -> {
              group.set(group(admin));
              return group.get().state() == ConsumerGroupState.STABLE;
            });
    return group.get().members().stream()
        .collect(
            Collectors.toMap(
                MemberDescription::consumerId,
                member ->
                    member.assignment().topicPartitions().stream()
                        .mapToInt(TopicPartition::partition)
                        .findAny()
                        .orElse(-1)));
  }

  private static boolean isRebalancing(Admin admin) throws Exception {
    return group(admin).state() == ConsumerGroupState.PREPARING_REBALANCE;
  }

  private static ConsumerGroupDescription group(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of("orderflow"))
        .describedGroups()
        .get("orderflow")
        .get();
  }

  /** One that is about to join: it knows already whom to ask. */
  private static KafkaConsumer<byte[], byte[]> member() {
    KafkaConsumer<byte[], byte[]> member =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                RealServers.kafkaBrokers(),
                "group.id",
                "orderflow",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    member.committed(Set.of(new TopicPartition("order.completed", 0)));
    return member;
  }

  private void assertPointsBookedOnce(String... customers) {
    await()
        .untilAsserted(
            () ->
                assertThat(customers)
                    .allSatisfy(customer -> assertThat(balance(customer)).isEqualTo(10)));
    assertThat(
            jdbc.sql("select count(*) from dead_letter where customer_id in (?, ?)")
                .params(first, second)
                .query(Integer.class)
                .single())
        .isZero();
  }

  private static void lock(Statement statement, String customer) throws SQLException {
    statement.execute(
        "update point_balance set balance = balance where customer_id = '" + customer + "'");
  }

  private void awaitBlockedBatches(int batches) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                jdbc.sql(
                            """
                            select count(*) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into point_balance%'
                            """)
                        .query(Integer.class)
                        .single()
                    == batches);
  }

  /** In one batch of the producer's, which is sent at the end and is one of the consumer's. */
  private void send(String... events) {
    try (KafkaProducer<String, String> producer = producer()) {
      Stream.of(events)
          .forEach(event -> producer.send(new ProducerRecord<>("order.completed", run, event)));
    }
  }

  private static KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", RealServers.kafkaBrokers(),
            "linger.ms", 10_000,
            "batch.size", 1_000_000),
        new StringSerializer(),
        new StringSerializer());
  }

  private static String event(String customer) {
    return event(UUID.randomUUID(), customer);
  }

  private static String event(UUID order, String customer) {
    return """
    {"orderId":"%s","customer":{"id":"%s","email":"kim@example.com","name":"Kim"},"currency":"KRW",
     "items":[{"sku":"TS-001","name":"Shirt","quantity":1,"unitPrice":"1000"}],
     "subtotal":"1000","discount":"0","total":"1000","completedAt":"2026-11-22T05:00:00Z"}\
    """
        .formatted(order, customer);
  }

  private int balance(String customer) {
    return jdbc.sql("select balance from point_balance where customer_id = ?")
        .param(customer)
        .query(Integer.class)
        .single();
  }

  private int countOfRun(String from) {
    return jdbc.sql(
            "select count(*) from (select * from " + from + ") as t where customer_id like ?")
        .param(run + "-%")
        .query(Integer.class)
        .single();
  }
}
