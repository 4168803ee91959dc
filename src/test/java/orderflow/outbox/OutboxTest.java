package orderflow.outbox;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.outbox.BulkThrottle.Allowance;
import orderflow.platform.lease.SteppedInstance;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class OutboxTest {

  private static final String DEAD_LETTERS = "order.completed.dlt";

  private static DataSource database;

  private final JdbcClient jdbc = JdbcClient.create(database);
  private final List<String> published = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, RecordPublisher.Result> underWay =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<String> refused = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private SteppedInstance leases;
  private Function<String, Executor> senders = topic -> Runnable::run;
  private volatile long behind;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("outbox");
  }

  @BeforeEach
  void empty() {
    jdbc.sql("delete from outbox").update();
    jdbc.sql("delete from lease").update();
    jdbc.sql("delete from instance").update();
    leases = liveInstance();
  }

  @Test
  void publishesInTheOrderOfTheRowsAndForgetsThem() {
    insert(7);
    Outbox outbox = outbox(5, this::publish);

    assertThat(outbox.relay()).as("more to do").isTrue();
    assertThat(outbox.relay()).as("more to do").isFalse();

    assertThat(published).containsExactly("0", "1", "2", "3", "4", "5", "6");
    assertThat(rows()).isZero();
  }

  @Test
  void keepsTheRowsUntilTheBrokerHasThem() {
    insert(3);
    Outbox outbox = outbox(5, this::leaveUnderWay);

    outbox.relay();
    outbox.relay();

    assertThat(published).as("sent").containsExactly("0", "1", "2");
    assertThat(rows()).isEqualTo(3);

    underWay.values().forEach(result -> result.answered(null));
    outbox.relay();

    assertThat(rows()).isZero();
  }

  @Test
  void deletesWhatTheBrokerHasAndHoldsBackTheLaterRecordsOfAFailedOnesKeyAlone() {
    insert(Priority.LIVE, "a", 0, 2);
    insert(Priority.LIVE, "b", 2, 4);
    Outbox outbox = outbox(500, this::publishAllButThoseOfA);

    look(outbox);
    assertThat(published).containsExactly("0", "1", "2", "3");
    assertThat(payloads()).containsExactly("0", "1");

    insert(Priority.LIVE, "a", 4, 5);
    insert(Priority.LIVE, "b", 5, 6);
    look(outbox);
    assertThat(published).as("while a's are under way").hasSize(5).endsWith("5");

    underWay.remove("0").answered(new TimeoutException("no leader"));
    underWay.remove("1").answered(new NotEnoughReplicasException("one of two"));
    insert(Priority.LIVE, "b", 6, 7);
    look(outbox);
    assertThat(published).as("right after a's failed").hasSize(6).endsWith("6");
    assertThat(payloads()).containsExactly("0", "1", "4");

    pass(Duration.ofSeconds(1));
    look(outbox);
    assertThat(published.subList(6, 9)).containsExactly("0", "1", "4");
    underWay.values().forEach(result -> result.answered(null));
    look(outbox);
    assertThat(rows()).isZero();
  }

  @Test
  void pausesBetweenAttemptsGrow() {
    insert(Priority.LIVE, "a", 0, 1);
    Outbox outbox = outbox(500, this::publishAllButThoseOfA);

    List<Integer> seconds = new ArrayList<>();
    for (int second = 0; second < 40; second++) {
      outbox.relay();
      RecordPublisher.Result result = underWay.remove("0");
      if (result != null) {
        seconds.add(second);
        result.answered(new TimeoutException("no leader"));
        outbox.relay();
      }
      pass(Duration.ofSeconds(1));
    }

    assertThat(seconds).containsExactly(0, 1, 3, 7, 15, 23, 31, 39);
  }

  @Test
  void aTopicWithoutRightsIsNamedAndHoldsUpNoOther() {
    insert(3);
    insertDeadLetters(10, 13);
    List<String> attempts = new ArrayList<>();
    boolean[] allowed = {false};
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Outbox outbox =
        outbox(
            500,
            (record, result) -> {
              if (record.topic().equals(DEAD_LETTERS) && !allowed[0]) {
                attempts.add(text(record));
                result.answered(new TopicAuthorizationException(DEAD_LETTERS));
              } else {
                publish(record, result);
              }
            });
    outbox.bindTo(meters);

    look(outbox);
    insert(Priority.LIVE, "c", 3, 5);
    look(outbox);

    assertThat(published).containsExactly("0", "1", "2", "3", "4");
    assertThat(attempts).as("attempts within the pause").containsExactly("10");
    pass(Duration.ofSeconds(1));
    look(outbox);
    assertThat(attempts).containsExactly("10", "10");
    assertThat(outbox.stuckTopics()).containsExactly(DEAD_LETTERS);
    assertThat(new OutboxHealth(outbox).health().getStatus().getCode()).isEqualTo("DEGRADED");
    assertThat(stuck(meters, DEAD_LETTERS)).isEqualTo(1);
    assertThat(stuck(meters, "order.completed")).isZero();

    allowed[0] = true;
    pass(Duration.ofSeconds(2));
    await().until(() -> !look(outbox) && rows() == 0);
    assertThat(published).endsWith("10", "11", "12");
    assertThat(outbox.stuckTopics()).isEmpty();
    assertThat(stuck(meters, DEAD_LETTERS)).isZero();
  }

  @Test
  void aTopicWhosePartitionsAreNotKnownHoldsUpNoOther() {
    CountDownLatch known = new CountDownLatch(1);
    senders = TopicQueue::newSender;
    insertDeadLetters(10, 12);
    insert(1);
    Outbox outbox =
        outbox(
            500,
            (record, result) -> {
              if (record.topic().equals(DEAD_LETTERS)) {
                awaitLatch(known);
              }
              publish(record, result);
            });

    await().until(() -> looked(outbox, 1));
    insert(Priority.LIVE, "c", 1, 2);
    await().until(() -> looked(outbox, 2));
    assertThat(published).containsExactly("0", "1");

    known.countDown();
    await()
        .until(
            () -> {
              look(outbox);
              return rows() == 0;
            });
    assertThat(published).containsExactly("0", "1", "10", "11");
  }

  @Test
  void aPartitionWithoutLeaderIsNamedAfterSomeSeconds() {
    insert(Priority.LIVE, "a", 0, 1);
    Outbox outbox = outbox(500, this::publishAllButThoseOfA);
    look(outbox);
    assertThat(outbox.stuckTopics()).isEmpty();

    pass(Duration.ofSeconds(5));
    look(outbox);
    assertThat(outbox.stuckTopics()).containsExactly("order.completed");

    insert(Priority.LIVE, "b", 1, 2);
    look(outbox);
    assertThat(payloads()).as("not taken").containsExactly("0");

    underWay.remove("0").answered(null);
    look(outbox);
    assertThat(outbox.stuckTopics()).isEmpty();
    assertThat(rows()).isZero();
  }

  @Test
  void holdsATopicOfWhichTooManyKeysFail() {
    insertCustomers(TopicQueue.MOST_KEYS + 500);
    Outbox outbox = outbox(500, this::leaveUnderWay);

    while (look(outbox)) {
      assertThat(published).hasSizeLessThanOrEqualTo(TopicQueue.MOST_KEYS);
    }
    insertDeadLetters(10_000, 10_001);
    look(outbox);

    assertThat(published).hasSize(TopicQueue.MOST_KEYS + 1).endsWith("10000");
    underWay.values().forEach(result -> result.answered(null));
    underWay.clear();
    await()
        .until(
            () -> {
              look(outbox);
              underWay.values().forEach(result -> result.answered(null));
              return rows() == 0;
            });
  }

  @Test
  void deadLettersByTheHundredThousandDoNotDelayOrders() {
    insertDeadLetters(0, 100_000);
    insert(Priority.LIVE, "c", 100_000, 100_001);

    outbox(500, this::publish).relay();

    assertThat(published).hasSize(501).contains("100000");
  }

  @Test
  void filesWhatTheBrokerWillNeverTakeAndPublishesTheOthersOnce() {
    insert(500);
    Outbox outbox =
        outbox(
            500,
            (record, result) -> {
              if (text(record).equals("321")) {
                result.answered(
                    new IllegalStateException(
                        new ExecutionException(new RecordTooLargeException("2 MB"))));
              } else {
                publish(record, result);
              }
            });

    outbox.relay();

    assertThat(rows()).isZero();
    assertThat(published)
        .hasSize(499)
        .doesNotContain("321")
        .isSortedAccordingTo(comparing(Integer::valueOf));
    assertThat(refused).containsExactly("321");
  }

  @Test
  void filesARefusedRecordThoughTheOthersFail() {
    insert(Priority.LIVE, "a", 0, 1);
    insert(Priority.LIVE, "b", 1, 4);
    Outbox outbox = outbox(4, this::leaveUnderWay);
    outbox.relay();

    underWay.remove("0").answered(new RecordTooLargeException("2 MB"));
    underWay.values().forEach(result -> result.answered(new TimeoutException("no leader")));
    outbox.relay();

    assertThat(refused).containsExactly("0");
    assertThat(payloads()).containsExactly("1", "2", "3");
  }

  @Test
  void aHolderThatWasFrozenSendsAndDeletesNothing() {
    insert(3);
    Outbox outbox =
        outbox(
            500,
            (record, result) -> {
              leaveUnderWay(record, result);
              leases.isFrozenFor(Duration.ofSeconds(6));
            });

    outbox.relay();
    assertThat(published).as("sent before it was frozen").containsExactly("0");

    underWay.get("0").answered(null);
    outbox.relay();

    assertThat(published).containsExactly("0");
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void goesOnWhenItsTermWasInterruptedAndNobodyHasTakenOver() {
    insert(3);
    Outbox outbox = outbox(500, this::leaveUnderWay);
    outbox.relay();
    leases.isFrozenFor(Duration.ofSeconds(7));
    outbox.relay();
    assertThat(rows()).as("while the term is interrupted").isEqualTo(3);

    leases.beatsFor(Duration.ofSeconds(1));
    underWay.values().forEach(result -> result.answered(null));
    pass(RelayLease.RETRY);
    outbox.relay();
    pass(RelayLease.RETRY);
    outbox.relay();

    assertThat(rows()).isZero();
  }

  @Test
  void anotherInstanceTakesOverFromOneThatIsSilent() {
    insert(3);
    Outbox frozen = outbox(500, this::leaveUnderWay);
    frozen.relay();
    published.clear();
    SteppedInstance others = liveInstance();
    Outbox other = outbox(settings(500), this::publish, bulkLane(), others);

    other.relay();
    assertThat(published).as("while the other holds the lease").isEmpty();

    others.beatsFor(Duration.ofSeconds(8));
    pass(RelayLease.RETRY);
    other.relay();
    assertThat(published).containsExactly("0", "1", "2");
    assertThat(rows()).isZero();

    insert(Priority.LIVE, "c", 3, 4);
    leases.isFrozenFor(Duration.ofSeconds(30));
    underWay.values().forEach(result -> result.answered(null));
    pass(RelayLease.RETRY);
    frozen.relay();
    assertThat(published).hasSize(3);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void goesOnUnderANewLeaseAfterItsOwnWasLostWithTheDatabaseServer() {
    insert(1);
    Outbox outbox =
        outbox(
            500,
            (record, result) -> {
              if (published.isEmpty()) {
                jdbc.sql("delete from lease").update();
              }
              publish(record, result);
            });

    look(outbox);
    assertThat(rows()).isEqualTo(1);
    look(outbox);

    assertThat(published).containsExactly("0", "0");
    assertThat(rows()).isZero();
  }

  @Test
  void saysHowLongRecordsHaveWaitedForAnotherInstance() {
    insert(1);
    jdbc.sql("update outbox set created_at = now() - interval '7 s'").update();
    leases.leases().take(RelayLease.NAME);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Outbox waiting = outbox(settings(500), this::publish, bulkLane(), liveInstance());
    waiting.bindTo(meters);

    waiting.relay();
    assertThat(meters.get("orderflow.lease.wait").gauge().value()).isZero();
    pass(Duration.ofSeconds(5));
    waiting.relay();

    assertThat(meters.get("orderflow.lease.wait").tag("lease", "outbox-relay").gauge().value())
        .isBetween(7.0, 60.0);
  }

  @Test
  void releasesTheLeaseSoonAfterTheLastRecord() {
    insert(1);
    Outbox outbox = outbox(500, this::publish);
    outbox.relay();
    Outbox other = outbox(settings(500), this::publish, bulkLane(), liveInstance());

    insert(Priority.LIVE, "c", 1, 2);
    other.relay();
    assertThat(published).containsExactly("0");
    pass(RelayLease.IDLE);
    outbox.relay();
    other.relay();

    assertThat(published).containsExactly("0", "1");
  }

  @Test
  void eachOfTwoInstancesGetsItsTurnWithoutWaitingForThePoll() {
    Outbox one = running(liveInstance());
    Outbox other = running(liveInstance());
    try {
      for (int i = 0; i < 20; i++) {
        insert(Priority.LIVE, "c", i, i + 1);
        (i % 2 == 0 ? one : other).wake();
        int expected = i + 1;
        await().atMost(Duration.ofSeconds(25)).until(() -> published.size() == expected);
      }
    } finally {
      one.stop();
      other.stop();
    }
  }

  @Test
  void forgetsARowThatWasErasedWhileItWasUnderWay() {
    insert(1);
    Outbox outbox =
        outbox(
            5,
            (record, result) -> {
              jdbc.sql("update outbox set payload = '{}'").update();
              publish(record, result);
            });

    await()
        .until(
            () -> {
              look(outbox);
              return rows() == 0;
            });
    assertThat(published).hasSize(1);
  }

  @Test
  void doesNotWaitForAnErasureThatHoldsARow() throws SQLException {
    insert(Priority.LIVE, "a", 0, 1);
    insert(Priority.LIVE, "b", 1, 2);
    Outbox outbox = outbox(5, this::publish);
    try (Connection erasure = database.getConnection()) {
      erasure.setAutoCommit(false);
      erasure
          .createStatement()
          .execute("update outbox set payload = '{}' where key = convert_to('a', 'UTF8')");

      look(outbox);
      assertThat(payloads()).containsExactly("0");
      insert(Priority.LIVE, "a", 2, 3);
      look(outbox);
      assertThat(published).as("none is sent again, or before it").containsExactly("0", "1");

      erasure.commit();
    }
    await()
        .until(
            () -> {
              look(outbox);
              return rows() == 0;
            });
    assertThat(published).containsExactly("0", "1", "2");
  }

  @Test
  void publishesRecordsOfALaneThatANewerVersionHasMade() {
    insert(1);
    jdbc.sql("update outbox set lane = 7").update();

    outbox(5, this::publish).relay();

    assertThat(published).containsExactly("0");
    assertThat(rows()).isZero();
  }

  @Test
  void severalInstancesPublishEachRecordOnceAndInOrder() {
    insert(300);
    List<Outbox> instances =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new Outbox(
                        new JdbcTemplate(database),
                        new DataSourceTransactionManager(database),
                        this::publish,
                        (record, error) -> {},
                        bulkLane(),
                        settings(7),
                        liveInstance().leases()))
            .toList();

    instances.forEach(Outbox::start);
    try {
      await().until(() -> rows() == 0);
    } finally {
      instances.forEach(Outbox::stop);
    }

    assertThat(published)
        .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(String::valueOf).toList());
  }

  @Test
  void leavesTheRowsToAnotherInstanceThatIsAtThem() {
    insert(1);
    liveInstance().leases().take(RelayLease.NAME);

    assertThat(outbox(5, this::publish).relay()).as("more to do").isFalse();

    assertThat(published).isEmpty();
  }

  @Test
  void publishesLiveRecordsWhileBulkOnesWaitForTheConsumers() {
    insert(Priority.BULK, "b", 0, 50);
    behind = 10;
    Outbox outbox = outbox(5, this::publish);
    outbox.relay(); // finds out that bulk records wait
    assertThat(published).containsExactly("0", "1", "2", "3", "4");
    insert(Priority.LIVE, "l", 50, 57);

    while (outbox.relay()) {
      assertThat(published).hasSizeLessThan(20);
    }

    assertThat(published.subList(5, 12)).containsExactly("50", "51", "52", "53", "54", "55", "56");
    assertThat(rows()).isEqualTo(45);
  }

  @Test
  void fillsTheGapsBetweenLiveRecordsWithBulkOnes() {
    insert(Priority.BULK, "b", 0, 8);
    insert(Priority.LIVE, "l", 8, 14);
    Outbox outbox = outbox(5, this::publish);

    outbox.relay();
    assertThat(published).containsExactly("8", "9", "10", "11", "12");
    outbox.relay();
    assertThat(published.subList(5, 11)).containsExactly("0", "1", "2", "3", "4", "13");
    await().until(() -> !look(outbox) && rows() == 0);

    assertThat(published).hasSize(14);
  }

  @Test
  void letsACustomersOlderBulkRecordsGoBeforeTheirLiveOnes() {
    insert(Priority.BULK, "b", 0, 20);
    insert(Priority.BULK, "c", 20, 27);
    insert(Priority.LIVE, "l", 27, 28);
    insert(Priority.LIVE, "c", 28, 29);
    insert(Priority.BULK, "c", 29, 30);
    Outbox outbox = outbox(5, this::publish);

    outbox.relay();
    assertThat(published).containsExactly("20", "21", "22", "23", "24", "27");
    await().until(() -> !look(outbox) && rows() == 0);

    assertThat(published.stream().map(Integer::valueOf).filter(n -> n >= 20 && n != 27))
        .containsExactly(20, 21, 22, 23, 24, 25, 26, 28, 29);
    assertThat(published).hasSize(30);
  }

  @Test
  void publishesWhatLiveRecordsWaitForThoughNoOtherBulkOnesMayLeave() {
    insert(Priority.BULK, "b", 0, 20);
    OutboxSettings settings = settings(5);
    BulkThrottle beside = new BulkThrottle(() -> behind, settings);
    beside.begins(); // a file is being placed
    Outbox outbox = outbox(settings, this::publish, beside, leases);
    outbox.relay(); // finds out that bulk records wait
    insert(Priority.BULK, "c", 20, 32);
    insert(Priority.LIVE, "c", 32, 40);
    published.clear();

    await().until(() -> !look(outbox) && published.size() >= 20);

    assertThat(published)
        .containsExactlyElementsOf(IntStream.range(20, 40).mapToObj(String::valueOf).toList());
  }

  @Test
  void tellsItsConsumersWhichRecordsAreBulk() {
    insert(Priority.BULK, "b", 0, 1);
    insert(Priority.LIVE, "l", 1, 2);
    List<Priority> lanes = new ArrayList<>();

    outbox(
            5,
            (record, result) -> {
              lanes.add(Priority.of(CloudEvents.headers(record)));
              result.answered(null);
            })
        .relay();

    assertThat(lanes).containsExactly(Priority.BULK, Priority.LIVE);
  }

  @Test
  void goesOnSlowlyWhereThereIsNoTellingHowFarTheConsumersAre() {
    AtomicLong now = new AtomicLong();
    BulkThrottle lost =
        new BulkThrottle(
            () -> {
              throw new IllegalStateException("away");
            },
            settings(5),
            now::get);

    assertThat(lost.left(5, lost.allowance().others(), false)).as("more may be waiting").isTrue();
    assertThat(lost.allowance()).as("for a minute").isEqualTo(new Allowance(0, 0));
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(lost.allowance()).isEqualTo(new Allowance(5, 5));
    assertThat(lost.allowance()).as("within a poll").isEqualTo(new Allowance(0, 0));
  }

  @Test
  void takesNoMoreLargeRecordsAtOnceThanMemoryHolds() {
    insertMebibytes(6, Priority.LIVE);
    insertMebibytes(6, Priority.BULK);
    Outbox outbox = outbox(100, this::publish);

    assertThat(outbox.relay()).as("more to do").isTrue();
    assertThat(published).hasSize(4);
    assertThat(outbox.relay()).as("more to do").isTrue();
    assertThat(published).hasSize(4 + 2 + 4);
    assertThat(outbox.relay()).as("more to do").isFalse();
    assertThat(published).hasSize(4 + 2 + 4 + 2);
  }

  @Test
  void noBulkRecordOvertakesItsCustomersLiveOnesThatWaitForTheNextRound() {
    insertMebibytes(5, Priority.LIVE);
    insert(Priority.LIVE, "c", 0, 1);
    insert(Priority.BULK, "c", 1, 2);
    Outbox outbox = outbox(100, this::publish);

    outbox.relay();
    assertThat(published).as("after 4 MiB of other records").hasSize(4).doesNotContain("0", "1");
    outbox.relay();

    assertThat(published).hasSize(7).endsWith("0", "1");
  }

  @Test
  void wakesAtOnceWhenThereIsSomething() {
    Outbox outbox = outbox(5, this::publish);
    outbox.start();
    try {
      await().until(outbox::isRunning);
      insert(1);
      outbox.wakeAfterCommit();
      await().atMost(Duration.ofSeconds(20)).until(() -> published.size() == 1);
    } finally {
      outbox.stop();
    }
  }

  private void publish(OutboxRecord record, RecordPublisher.Result result) {
    published.add(text(record));
    result.answered(null);
  }

  private void leaveUnderWay(OutboxRecord record, RecordPublisher.Result result) {
    published.add(text(record));
    underWay.put(text(record), result);
  }

  private void publishAllButThoseOfA(OutboxRecord record, RecordPublisher.Result result) {
    if (new String(record.key(), StandardCharsets.UTF_8).equals("a")) {
      leaveUnderWay(record, result);
    } else {
      publish(record, result);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A round of an instance that was woken. */
  private static boolean look(Outbox outbox) {
    outbox.wake();
    return outbox.relay();
  }

  private boolean looked(Outbox outbox, int expected) {
    look(outbox);
    return published.size() == expected;
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private static double stuck(SimpleMeterRegistry meters, String topic) {
    return meters.get("orderflow.outbox.stuck").tag("topic", topic).gauge().value();
  }

  private static String text(OutboxRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }

  private Outbox outbox(int batch, RecordPublisher publisher) {
    OutboxSettings settings = settings(batch);
    return outbox(settings, publisher, new BulkThrottle(() -> behind, settings), leases);
  }

  private BulkThrottle bulkLane() {
    return new BulkThrottle(() -> behind, settings(500));
  }

  private static OutboxSettings settings(int batch) {
    return new OutboxSettings(batch, batch, 10, Duration.ofSeconds(30));
  }

  private Outbox outbox(
      OutboxSettings settings,
      RecordPublisher publisher,
      BulkThrottle bulkLane,
      SteppedInstance instance) {
    return new Outbox(
        new JdbcTemplate(database),
        new DataSourceTransactionManager(database),
        publisher,
        (record, error) -> refused.add(text(record)),
        bulkLane,
        settings,
        instance.leases(),
        nanoTime::get,
        senders);
  }

  private Outbox running(SteppedInstance instance) {
    Outbox outbox =
        new Outbox(
            new JdbcTemplate(database),
            new DataSourceTransactionManager(database),
            this::publish,
            (record, error) -> {},
            bulkLane(),
            settings(500),
            instance.leases());
    outbox.start();
    return outbox;
  }

  private void insert(int records) {
    jdbc.sql(
            """
            insert into outbox (topic, key, payload, created_at)
            select 'order.completed', 'c', convert_to(i::text, 'UTF8'), now() from generate_series(0, ? - 1) as i
            """)
        .param(records)
        .update();
  }

  private void insert(Priority lane, String customer, int from, int to) {
    jdbc.sql(
            """
            insert into outbox (lane, topic, key, payload, created_at)
            select ?, 'order.completed', convert_to(?, 'UTF8'), convert_to(i::text, 'UTF8'), now()
            from generate_series(?, ?) as i
            """)
        .params(lane.number(), customer, from, to - 1)
        .update();
  }

  private void insertMebibytes(int records, Priority lane) {
    jdbc.sql(
            """
            insert into outbox (lane, topic, key, payload, created_at)
            select :lane, 'order.completed', convert_to('c' || :lane, 'UTF8'), decode(repeat('00', 1 << 20), 'hex'), now()
            from generate_series(1, :records)
            """)
        .param("lane", lane.number())
        .param("records", records)
        .update();
  }

  private void insertDeadLetters(int from, int to) {
    jdbc.sql(
            """
            insert into outbox (topic, key, payload, created_at)
            select 'order.completed.dlt', convert_to('d' || i, 'UTF8'), convert_to(i::text, 'UTF8'), now()
            from generate_series(?, ?) as i
            """)
        .params(from, to - 1)
        .update();
  }

  private void insertCustomers(int customers) {
    jdbc.sql(
            """
            insert into outbox (topic, key, payload, created_at)
            select 'order.completed', convert_to(i::text, 'UTF8'), convert_to(i::text, 'UTF8'), now()
            from generate_series(1, ?) as i
            """)
        .param(customers)
        .update();
  }

  private List<String> payloads() {
    return jdbc.sql("select convert_from(payload, 'UTF8') from outbox order by id")
        .query(String.class)
        .list();
  }

  private int rows() {
    return jdbc.sql("select count(*) from outbox").query(Integer.class).single();
  }

  private static SteppedInstance liveInstance() {
    SteppedInstance instance = new SteppedInstance(database);
    instance.beat();
    return instance;
  }
}
