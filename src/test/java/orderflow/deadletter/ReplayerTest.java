package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.TestClock;
import orderflow.audit.OperatorActions;
import orderflow.consumer.EventRecord;
import orderflow.consumer.TestConsumers;
import orderflow.operation.OperationWork;
import orderflow.operation.Operations;
import orderflow.operation.SteppedOperations;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReplayerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private static final Actor OPERATOR = new Actor("support", "operator", null);

  private static DataSource database;
  private static JdbcClient jdbc;

  private static final TestClock clock = new TestClock();

  private final List<Long> replayed = new ArrayList<>();
  private SteppedOperations operations;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("replayer");
    jdbc = JdbcClient.create(database);
  }

  @BeforeEach
  void empty() {
    jdbc.sql("truncate dead_letter, operation, instance, lease, discarded_effect").update();
    clock.standsAt(NOW);
    operations = new SteppedOperations(database, clock, List.of(replays()));
  }

  @Test
  void aRequestGoesOnWhereItWasWhateverInstanceWorksOnIt() {
    waiting(25);
    askForAll();

    replayer(NOW).replayDue();
    assertThat(openRequests()).isEqualTo(1);
    second(1);
    second(2);
    second(3);

    assertThat(replayed).hasSize(25).doesNotHaveDuplicates();
    assertThat(openRequests()).isZero();
  }

  @Test
  void whatFailsAfterTheRequestIsNotPartOfIt() {
    waiting(3);
    askForAll();
    insert(2, "WAITING", NOW);
    jdbc.sql("update dead_letter set settled_at = null").update();

    replayer(NOW).replayDue();
    second(1);

    assertThat(replayed).hasSize(3);
    assertThat(count("state = 'WAITING'")).isEqualTo(2);
  }

  @Test
  void replaysOneCauseAndNoOther() {
    waiting(20);
    jdbc.sql(
            "update dead_letter set error = 'coupon X' || id || ' does not exist' where id % 2 = 0")
        .update();

    assertThat(replayAll("coupon … does not exist", null).replays()).isEqualTo(10);
    replayer(NOW).replayDue();
    second(1);

    assertThat(count("state = 'REPLAYED' and error <> 'bad'")).isEqualTo(10);
    assertThat(count("state = 'WAITING' and error = 'bad'")).isEqualTo(10);
  }

  @Test
  void twoInstancesReplayNothingTwice() throws Exception {
    waiting(200);
    replayAll(null, 200);
    List<Long> seen = Collections.synchronizedList(new ArrayList<>());
    Runnable instance =
        () -> {
          Replayer one =
              new Replayer(
                  jdbc,
                  by(record -> seen.add(record.offset())),
                  settings(),
                  Clock.fixed(NOW, ZoneOffset.UTC));
          for (int i = 0; i < 60 && count("state = 'WAITING'") > 0; i++) {
            one.replayDue();
          }
        };
    Thread other = new Thread(instance);
    other.start();
    instance.run();
    other.join();

    assertThat(seen).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void answersAtOnceHoweverManyWaitAndReadsNoMoreThanItReplays() {
    waiting(110_000);

    long began = System.nanoTime();
    ReplayRequest request = askForAll();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    assertThat(request.replays()).isEqualTo(100_000);
    assertThat(request.more()).isTrue();
    assertThat(RowsRead.of("dead_letter", database, sql -> replayer(sql).replayDue()))
        .isLessThan(150);
    assertThat(RowsRead.of("dead_letter", database, sql -> step(sql))).isLessThan(150);
  }

  @Test
  void oneThatIsBeingReplayedCannotBeDiscarded() {
    waiting(1);
    long id = jdbc.sql("select id from dead_letter").query(Long.class).single();
    askForAll();
    List<DeadLetterResult> refusals = new ArrayList<>();
    Replayer slow =
        replayer(
            NOW,
            record -> {
              refusals.add(desk(NOW).discard(id, OPERATOR));
              return true;
            });
    slow.replayDue();

    assertThat(refusals).containsExactly(DeadLetterResult.REPLAYING);
    assertThat(count("state = 'REPLAYED'")).isEqualTo(1);
  }

  @Test
  void oneWhoseReplayIsOnlyAskedForCanBeDiscarded() {
    waiting(1);
    long id = jdbc.sql("select id from dead_letter").query(Long.class).single();
    desk(NOW).replay(id, OPERATOR);
    desk(NOW).discard(id, OPERATOR);
    replayer(NOW).replayDue();

    assertThat(replayed).isEmpty();
    assertThat(count("state = 'DISCARDED'")).isEqualTo(1);
  }

  @Test
  void oneWhoseReplayTookLongerThanItsClaimSaysWhatBecameOfItsEffect() {
    waiting(2);
    askForAll();
    List<Long> ids = jdbc.sql("select id from dead_letter order by id").query(Long.class).list();
    Instant later = NOW.plus(Duration.ofMinutes(2));
    replayer(
            NOW,
            record -> {
              ids.forEach(id -> discardOnce(id, later));
              return record.offset() == 1;
            })
        .replayDue();

    assertThat(jdbc.sql("select state from dead_letter order by id").query(String.class).list())
        .containsExactly("REPLAYED", "DISCARDED");
  }

  private static void discardOnce(long id, Instant now) {
    if (count("state = 'WAITING' and id = " + id) == 1) {
      desk(now).discard(id, OPERATOR);
    }
  }

  @Test
  void ofADiscardedOneItStaysKnownThatItsEffectIsNotToCome() {
    settled(2, NOW.minus(Duration.ofDays(91)));
    jdbc.sql("update dead_letter set order_id = gen_random_uuid()").update();
    jdbc.sql("update dead_letter set state = 'DISCARDED' where \"offset\" = 1").update();

    replayer(NOW).forgetSettled();

    assertThat(count("true")).isZero();
    assertThat(jdbc.sql("select consumer from discarded_effect").query(String.class).list())
        .containsExactly("point-consumer");
  }

  @Test
  void listsRareOnesWithoutReadingAllOthers() {
    waiting(20_000);
    settled(1, NOW);
    jdbc.sql("update dead_letter set state = 'DISCARDED' where state = 'REPLAYED'").update();
    settled(1, NOW.plusSeconds(1));

    assertThat(
            RowsRead.of(
                "dead_letter",
                database,
                sql -> {
                  Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
                  JdbcClient client = JdbcClient.create(sql);
                  DeadLetterDesk desk =
                      new DeadLetterDesk(
                          client,
                          TestConsumers.names(client),
                          replays(),
                          new ErasedCustomers(client, clock),
                          new OperatorActions(client, clock),
                          clock);
                  assertThat(desk.list(null, "DISCARDED", 10, null).entries()).hasSize(1);
                  assertThat(desk.list("email-consumer", null, 10, null).entries()).isEmpty();
                  assertThat(desk.list("point-consumer", "WAITING", 10, null).entries())
                      .hasSize(10);
                }))
        .isLessThan(100);
  }

  @Test
  void aStateThatOnlyANewerVersionKnowsIsShownAsItIs() {
    waiting(1);
    jdbc.sql("alter table dead_letter drop constraint dead_letter_state_check").update();
    try {
      jdbc.sql("update dead_letter set state = 'ARCHIVED'").update();

      assertThat(desk(NOW).list(null, null, 10, null).entries())
          .extracting(DeadLetter::state)
          .containsExactly("ARCHIVED");
    } finally {
      empty();
      jdbc.sql(
              """
              alter table dead_letter add constraint dead_letter_state_check
              check (state in ('WAITING', 'REPLAYED', 'DISCARDED'))
              """)
          .update();
    }
  }

  @Test
  void replaysNoMoreInASecondThanItMay() {
    waiting(25);
    ReplayRequest request = askForAll();
    assertThat(request.replays()).isEqualTo(25);
    assertThat(request.more()).isFalse();

    for (int round = 1; round <= 3; round++) {
      replayer(NOW.plusSeconds(round - 1)).replayDue();
      step(NOW.plusSeconds(round));
      assertThat(replayed).as("after round %d", round).hasSize(Math.min(25, 10 * round));
    }
    assertThat(replayed).doesNotHaveDuplicates();
    assertThat(count("state = 'REPLAYED'")).isEqualTo(25);
  }

  @Test
  void lettersOfAConsumerThatRunsElsewhereAreLeftToThatInstance() {
    waiting(2);
    jdbc.sql("update dead_letter set consumer = 'order-webhook', replay_due_at = ?")
        .param(NOW.atOffset(ZoneOffset.UTC))
        .update();

    replayer(NOW).replayDue();

    assertThat(replayed).isEmpty();
    assertThat(
            jdbc.sql("select count(*) from dead_letter where replay_until is null")
                .query(Integer.class)
                .single())
        .isEqualTo(2);
  }

  @Test
  void anInstanceThatDiesLeavesItsReplaysToOthersAfterAMinute() {
    waiting(1);
    askForAll();
    Replayer killed =
        new Replayer(
            jdbc,
            by(
                record -> {
                  throw new IllegalStateException("killed");
                }),
            settings(),
            Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatThrownBy(killed::replayDue).hasMessage("killed");

    replayer(NOW.plusSeconds(59)).replayDue();
    assertThat(replayed).isEmpty();

    replayer(NOW.plusSeconds(60)).replayDue();
    assertThat(replayed).hasSize(1);
  }

  @Test
  void aClockThatIsPutBackHoldsNoReplayUp() {
    waiting(1);
    askForAll();

    replayer(NOW.minus(Duration.ofHours(1))).replayDue();

    assertThat(replayed).hasSize(1);
  }

  @Test
  void forgetsWhatWasSettledLongAgoInSmallDeletes() {
    settled(1_001, NOW.minus(Duration.ofDays(91)));
    settled(1, NOW.minus(Duration.ofDays(89)));
    waiting(1);

    assertThat(replayer(NOW).forgetSettled()).as("more to do").isTrue();
    assertThat(count("true")).isEqualTo(3);
    assertThat(replayer(NOW).forgetSettled()).as("more to do").isFalse();
    assertThat(count("true")).isEqualTo(2);
  }

  @Test
  void readsNoMoreThanItReplaysOrForgetsHoweverManyThereAre() {
    waiting(2_000);
    askForAll();
    settled(2_000, NOW.minus(Duration.ofDays(91)));

    assertThat(RowsRead.of("dead_letter", database, sql -> replayer(sql).replayDue()))
        .isLessThan(100);
    assertThat(RowsRead.of("dead_letter", database, sql -> replayer(sql).forgetSettled()))
        .isLessThan(1_100);
  }

  private Replayer replayer(JdbcTemplate sql) {
    return new Replayer(
        JdbcClient.create(sql), by(record -> true), settings(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Replayer replayer(Instant now) {
    return new Replayer(
        jdbc,
        by(record -> replayed.add(record.offset())),
        settings(),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Replayer replayer(Instant now, Predicate<EventRecord> replay) {
    return new Replayer(jdbc, by(replay), settings(), Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Replay by(Predicate<EventRecord> replay) {
    return new Replay() {
      @Override
      public boolean replay(String consumer, EventRecord record) {
        return replay.test(record);
      }

      @Override
      public String tryOut(String consumer, EventRecord record) {
        throw new AssertionError("it was to be replayed");
      }

      @Override
      public List<String> consumers() {
        return List.of("point-consumer", "coupon-consumer", "email-consumer");
      }
    };
  }

  private ReplayRequest askForAll() {
    return replayAll(null, null);
  }

  private ReplayRequest replayAll(@Nullable String cause, @Nullable Integer rate) {
    ReplayRequest request =
        desk(NOW)
            .replayAll(
                new DeadLetterDesk.Group("point-consumer", cause, rate, null, null), OPERATOR);
    step(NOW);
    return request;
  }

  private void second(int n) {
    step(NOW.plusSeconds(n));
    replayer(NOW.plusSeconds(n)).replayDue();
    step(NOW.plusSeconds(n));
  }

  private void step(Instant now) {
    clock.standsAt(now);
    operations.step();
  }

  private static void step(JdbcTemplate sql) {
    JdbcClient client = JdbcClient.create(sql);
    OffsetDateTime later = NOW.plusSeconds(1).atOffset(ZoneOffset.UTC);
    Operations known = SteppedOperations.operations(database, clock);
    GroupReplay replays = new GroupReplay(client, known, SteppedOperations.SETTINGS);
    replays.step(
        new OperationWork.Open(
            1, "RUNNING", "point-consumer", null, 0, 0, 0, 10, null, null, 500, 100_000, null),
        10,
        later);
  }

  private static GroupReplay replays() {
    return new GroupReplay(
        jdbc, SteppedOperations.operations(database, clock), SteppedOperations.SETTINGS);
  }

  private static int openRequests() {
    return jdbc.sql("select count(*) from operation where finished_at is null")
        .query(Integer.class)
        .single();
  }

  private static DeadLetterDesk desk(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new DeadLetterDesk(
        jdbc,
        TestConsumers.names(jdbc),
        replays(),
        new ErasedCustomers(jdbc, clock),
        new OperatorActions(jdbc, clock),
        clock);
  }

  private static DeadLetterSettings settings() {
    return new DeadLetterSettings(10, Duration.ofDays(90));
  }

  private static void waiting(int letters) {
    insert(letters, "WAITING", null);
  }

  private static void settled(int letters, Instant at) {
    insert(letters, "REPLAYED", at);
  }

  private static void insert(int letters, String state, @Nullable Instant settledAt) {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", error, failed_at, state, settled_at)
            select 'point-consumer', ?, 0, n, 'bad', now(), ?, ? from generate_series(1, ?) as n
            """)
        .params(
            state + settledAt,
            state,
            settledAt == null ? null : settledAt.atOffset(ZoneOffset.UTC),
            letters)
        .update();
  }

  private static int count(String condition) {
    return jdbc.sql("select count(*) from dead_letter where " + condition)
        .query(Integer.class)
        .single();
  }
}
