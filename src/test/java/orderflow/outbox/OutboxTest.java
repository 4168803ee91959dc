package orderflow.outbox;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.outbox.BulkLane.Allowance;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class OutboxTest {

  private static DataSource database;

  private final JdbcClient jdbc = JdbcClient.create(database);
  private final List<String> published = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refused = new ArrayList<>();
  private volatile long behind;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("outbox");
  }

  @BeforeEach
  void empty() {
    jdbc.sql("delete from outbox").update();
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
    Outbox outbox =
        outbox(
            5,
            records -> {
              throw new IllegalStateException("no acknowledgement");
            });

    assertThatThrownBy(outbox::relay).isInstanceOf(IllegalStateException.class);

    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void filesWhatTheBrokerWillNeverTakeAndPublishesTheOthers() {
    insert(500);
    AtomicInteger sends = new AtomicInteger();
    Outbox outbox =
        outbox(
            500,
            records -> {
              sends.incrementAndGet();
              if (records.stream().anyMatch(record -> text(record).equals("321"))) {
                throw new IllegalStateException(
                    new ExecutionException(new RecordTooLargeException("2 MB")));
              }
              publish(records);
            });

    outbox.relay();

    assertThat(rows()).isZero();
    assertThat(published)
        .hasSize(499)
        .doesNotContain("321")
        .isSortedAccordingTo(comparing(Integer::valueOf));
    assertThat(refused).containsExactly("321");
    assertThat(sends).as("sends").hasValueBetween(15, 20);
  }

  @Test
  void aBrokerThatFailsLaterKeepsTheRefusedRecordToo() {
    insert(4);
    Outbox outbox =
        outbox(
            4,
            records -> {
              throw records.stream().anyMatch(record -> text(record).equals("0"))
                  ? new RecordTooLargeException("2 MB")
                  : new TimeoutException("no leader");
            });

    assertThatThrownBy(outbox::relay).isInstanceOf(TimeoutException.class);

    assertThat(rows()).isEqualTo(4);
  }

  @Test
  void severalInstancesPublishEachRecordOnceAndInOrder() {
    insert(300);
    List<Outbox> instances = IntStream.range(0, 3).mapToObj(i -> outbox(7, this::publish)).toList();

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
  void leavesTheRowsToAnotherInstanceThatIsAtThem() throws SQLException {
    insert(1);
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      other.createStatement().execute("select pg_advisory_xact_lock(x'6f7574626f78'::bigint)");

      assertThat(outbox(5, this::publish).relay()).as("more to do").isFalse();

      assertThat(published).isEmpty();
    }
  }

  @Test
  void publishesLiveRecordsWhileBulkOnesWaitForTheConsumers() {
    insert(Lane.BULK, "b", 0, 50);
    behind = 10;
    Outbox outbox = outbox(5, this::publish);
    outbox.relay(); // finds out that bulk records wait
    assertThat(published).containsExactly("0", "1", "2", "3", "4");
    insert(Lane.LIVE, "l", 50, 57);

    while (outbox.relay()) {
      assertThat(published).hasSizeLessThan(20);
    }

    assertThat(published.subList(5, 12)).containsExactly("50", "51", "52", "53", "54", "55", "56");
    assertThat(rows()).isEqualTo(45);
  }

  @Test
  void fillsTheGapsBetweenLiveRecordsWithBulkOnes() {
    insert(Lane.BULK, "b", 0, 8);
    insert(Lane.LIVE, "l", 8, 14);
    Outbox outbox = outbox(5, this::publish);

    outbox.relay();
    assertThat(published).containsExactly("8", "9", "10", "11", "12");
    outbox.relay();
    assertThat(published.subList(5, 11)).containsExactly("0", "1", "2", "3", "4", "13");
    await().until(() -> !outbox.relay() && rows() == 0);

    assertThat(published).hasSize(14);
  }

  @Test
  void letsACustomersOlderBulkRecordsGoBeforeTheirLiveOnes() {
    insert(Lane.BULK, "b", 0, 20);
    insert(Lane.BULK, "c", 20, 27);
    insert(Lane.LIVE, "l", 27, 28);
    insert(Lane.LIVE, "c", 28, 29);
    insert(Lane.BULK, "c", 29, 30);
    Outbox outbox = outbox(5, this::publish);

    outbox.relay();
    assertThat(published).containsExactly("20", "21", "22", "23", "24", "27");
    await().until(() -> !outbox.relay() && rows() == 0);

    assertThat(published.stream().map(Integer::valueOf).filter(n -> n >= 20 && n != 27))
        .containsExactly(20, 21, 22, 23, 24, 25, 26, 28, 29);
    assertThat(published).hasSize(30);
  }

  @Test
  void publishesWhatLiveRecordsWaitForThoughNoOtherBulkOnesMayLeave() {
    insert(Lane.BULK, "b", 0, 20);
    OutboxSettings settings = settings(5);
    BulkLane beside = new BulkLane(() -> behind, settings);
    beside.begins(); // a file is being placed
    Outbox outbox = outbox(settings, this::publish, beside);
    outbox.relay(); // finds out that bulk records wait
    insert(Lane.BULK, "c", 20, 32);
    insert(Lane.LIVE, "c", 32, 40);
    published.clear();

    await().until(() -> !outbox.relay() && published.size() >= 20);

    assertThat(published)
        .containsExactlyElementsOf(IntStream.range(20, 40).mapToObj(String::valueOf).toList());
  }

  @Test
  void tellsItsConsumersWhichRecordsAreBulk() {
    insert(Lane.BULK, "b", 0, 1);
    insert(Lane.LIVE, "l", 1, 2);
    List<Lane> lanes = new ArrayList<>();

    outbox(5, records -> records.forEach(record -> lanes.add(Lane.of(CloudEvents.headers(record)))))
        .relay();

    assertThat(lanes).containsExactly(Lane.BULK, Lane.LIVE);
  }

  @Test
  void goesOnSlowlyWhereThereIsNoTellingHowFarTheConsumersAre() {
    AtomicLong now = new AtomicLong();
    BulkLane lost =
        new BulkLane(
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
    insertMebibytes(6, Lane.LIVE);
    insertMebibytes(6, Lane.BULK);
    List<Integer> rounds = new ArrayList<>();
    Outbox outbox = outbox(100, records -> rounds.add(records.size()));

    assertThat(outbox.relay()).as("more to do").isTrue();
    assertThat(outbox.relay()).as("more to do").isTrue();
    assertThat(outbox.relay()).as("more to do").isFalse();

    assertThat(rounds).containsExactly(4, 2 + 4, 2);
  }

  @Test
  void noBulkRecordOvertakesItsCustomersLiveOnesThatWaitForTheNextRound() {
    insertMebibytes(5, Lane.LIVE);
    insert(Lane.LIVE, "c", 0, 1);
    insert(Lane.BULK, "c", 1, 2);
    Outbox outbox =
        outbox(
            100,
            records ->
                publish(records.stream().filter(r -> r.payload().length < 1 << 20).toList()));

    outbox.relay();
    assertThat(published).as("after 4 MiB of other records").isEmpty();
    outbox.relay();

    assertThat(published).containsExactly("0", "1");
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

  private void publish(List<OutboxRecord> records) {
    records.forEach(record -> published.add(text(record)));
  }

  private static String text(OutboxRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }

  private Outbox outbox(int batch, RecordPublisher publisher) {
    OutboxSettings settings = settings(batch);
    return outbox(settings, publisher, new BulkLane(() -> behind, settings));
  }

  private static OutboxSettings settings(int batch) {
    return new OutboxSettings(batch, batch, 10, Duration.ofSeconds(30));
  }

  private Outbox outbox(OutboxSettings settings, RecordPublisher publisher, BulkLane bulkLane) {
    return new Outbox(
        new JdbcTemplate(database),
        new DataSourceTransactionManager(database),
        publisher,
        (record, error) -> refused.add(text(record)),
        bulkLane,
        settings);
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

  private void insert(Lane lane, String customer, int from, int to) {
    jdbc.sql(
            """
            insert into outbox (lane, topic, key, payload, created_at)
            select ?, 'order.completed', convert_to(?, 'UTF8'), convert_to(i::text, 'UTF8'), now()
            from generate_series(?, ?) as i
            """)
        .params(lane.number(), customer, from, to - 1)
        .update();
  }

  private void insertMebibytes(int records, Lane lane) {
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

  private int rows() {
    return jdbc.sql("select count(*) from outbox").query(Integer.class).single();
  }
}
