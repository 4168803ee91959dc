package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.TestClock;
import orderflow.consumer.EventRecord;
import orderflow.consumer.TestConsumers;
import orderflow.operation.Operation;
import orderflow.operation.OperationResult;
import orderflow.operation.Operations;
import orderflow.operation.SteppedOperations;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class GroupReplayTest {

  private static final DataSource DATABASE = FreshDatabase.named("group_replay");
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
  private static final Actor OPERATOR = new Actor("minji", "operator", null);

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final TestClock clock = new TestClock();
  private final Operations operations = SteppedOperations.operations(DATABASE, clock);
  private final List<SteppedOperations> instances = new ArrayList<>();
  private final List<Long> replayed = new ArrayList<>();
  private int seconds;

  @BeforeEach
  void begin() {
    clock.standsAt(NOW);
    jdbc.sql("truncate dead_letter, dead_letter_replay, operation, instance, lease").update();
  }

  @AfterEach
  void end() {
    instances.forEach(one -> one.instance().end());
  }

  @Test
  void anotherInstanceGoesOnWhereAKilledOneWas() {
    waiting(25);
    SteppedOperations killed = instance();
    SteppedOperations other = instance();
    long operation = replayAll(null, null);
    killed.step();
    replay(record -> true);

    nextSecond();
    other.step();
    replay(record -> true);
    assertThat(replayed).as("while the other has the lease").hasSize(10);

    other.instance().beatsFor(Duration.ofSeconds(8));
    secondsOf(other, 4);

    assertThat(replayed).hasSize(25).doesNotHaveDuplicates();
    assertThat(find(operation))
        .extracting(Operation::state, Operation::total, Operation::done, Operation::failed)
        .containsExactly("DONE", 25L, 25L, 0L);
  }

  @Test
  void aFrozenInstanceThatComesBackHandsNothingOutTwice() {
    waiting(25);
    SteppedOperations frozen = instance();
    SteppedOperations other = instance();
    replayAll(null, null);
    frozen.step();
    other.instance().beatsFor(Duration.ofSeconds(8));
    nextSecond();
    other.step();

    assertThatThrownBy(frozen::step).hasMessageContaining("operations");
    secondsOf(other, 4);

    assertThat(replayed).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void whatAKilledReplayerHadBegunIsReplayedAgainAndCountedOnce() {
    waiting(3);
    SteppedOperations one = instance();
    long operation = replayAll(null, null);
    one.step();
    assertThatThrownBy(
            () ->
                replay(
                    record -> {
                      if (record.offset() == 2) {
                        throw new IllegalStateException("killed");
                      }
                      return true;
                    }))
        .hasMessage("killed");
    one.step();
    assertThat(find(operation).finishedAt()).as("two are under way").isNull();

    clock.standsAt(NOW.plus(Replayer.CLAIM));
    replay(record -> true);
    one.step();

    assertThat(replayed).startsWith(1L).contains(2L, 3L);
    assertThat(find(operation).done()).isEqualTo(3);
    assertThat(find(operation).state()).isEqualTo("DONE");
  }

  @Test
  void aPausedOneBeginsNothingUntilItIsResumed() {
    waiting(25);
    SteppedOperations one = instance();
    long operation = replayAll(null, null);
    one.step();
    operations.pause(operation, OPERATOR);
    secondsOf(one, 3);

    assertThat(replayed).as("what had been handed out").hasSize(10);
    assertThat(find(operation))
        .extracting(Operation::state, Operation::done, Operation::finishedAt)
        .containsExactly("PAUSED", 10L, null);

    operations.resume(operation, OPERATOR);
    secondsOf(one, 3);
    assertThat(replayed).hasSize(25).doesNotHaveDuplicates();
    assertThat(find(operation).state()).isEqualTo("DONE");
  }

  @Test
  void aCancelledOneTakesBackWhatNoReplayerHasBegun() {
    waiting(25);
    SteppedOperations one = instance();
    long operation = replayAll(null, null);
    one.step();
    operations.cancel(operation, OPERATOR);
    secondsOf(one, 2);

    assertThat(replayed).isEmpty();
    assertThat(
            jdbc.sql(
                    "select count(*) from dead_letter where state = 'WAITING' and replay_due_at is null")
                .query(Integer.class)
                .single())
        .isEqualTo(25);
    assertThat(find(operation).state()).isEqualTo("CANCELLED");
    assertThat(find(operation).finishedAt()).isNotNull();
    assertThat(operations.pause(operation, OPERATOR)).isEqualTo(OperationResult.ENDED);
    assertThat(operations.cancel(operation, OPERATOR)).isEqualTo(OperationResult.DONE);
  }

  @Test
  void countsWhatFailsAgainAndStopsAfterSoManyFailures() {
    waiting(25);
    SteppedOperations one = instance();
    long operation = replayAll(null, 4);
    one.step();
    replay(record -> record.offset() > 4);
    nextSecond();
    one.step();
    secondsOf(one, 2);

    Operation stopped = find(operation);
    assertThat(stopped.state()).isEqualTo("FAILED");
    assertThat(stopped.done()).isEqualTo(6);
    assertThat(stopped.failed()).isEqualTo(4);
    assertThat(stopped.failures())
        .containsExactlyElementsOf(
            jdbc.sql("select id from dead_letter where \"offset\" <= 4 order by id")
                .query(Long.class)
                .list());
    assertThat(replayed).hasSize(10);
  }

  @Test
  void replaysTheOldestUpToItsLimit() {
    waiting(25);
    SteppedOperations one = instance();
    long operation = replayAll(12, null);
    secondsOf(one, 4);

    assertThat(replayed).hasSize(12).allMatch(offset -> offset <= 12);
    assertThat(find(operation).state()).isEqualTo("DONE");
    assertThat(find(operation).total()).isEqualTo(12);
  }

  @Test
  void handsOutNoMoreThanReplayersFollow() {
    waiting(100);
    SteppedOperations one = instance();
    replayAll(null, null);
    for (int i = 0; i < 5; i++) {
      one.step();
      nextSecond();
    }

    assertThat(
            jdbc.sql("select count(*) from dead_letter where replay_due_at is not null")
                .query(Integer.class)
                .single())
        .isEqualTo(20);
  }

  @Test
  void requestsOfTheVersionBeforeGoOnAsOperations() {
    waiting(5);
    jdbc.sql(
            """
            insert into dead_letter_replay (consumer, up_to, position, requested_at)
            select 'point-consumer', max(id), min(id), now() from dead_letter
            """)
        .update();
    SteppedOperations one = instance();
    secondsOf(one, 3);

    assertThat(replayed).containsExactlyInAnyOrder(2L, 3L, 4L, 5L);
    assertThat(operations.list("DONE", 10, null).entries()).hasSize(1);
  }

  @Test
  void whatEndedLongAgoIsForgotten() {
    waiting(1);
    SteppedOperations one = instance();
    replayAll(null, null);
    secondsOf(one, 3);
    long later = replayAll(null, null);

    clock.standsAt(NOW.plus(Duration.ofDays(91)));
    one.forgetEnded();

    assertThat(operations.list(null, 10, null).entries())
        .extracting(Operation::id)
        .containsExactly(later);
  }

  private SteppedOperations instance() {
    SteppedOperations one =
        new SteppedOperations(
            DATABASE,
            clock,
            List.of(new GroupReplay(jdbc, operations, SteppedOperations.SETTINGS)));
    instances.add(one);
    return one;
  }

  private void secondsOf(SteppedOperations one, int count) {
    for (int i = 0; i < count; i++) {
      nextSecond();
      one.step();
      replay(record -> true);
    }
    one.step();
  }

  private void nextSecond() {
    clock.standsAt(NOW.plusSeconds(++seconds));
  }

  private long replayAll(@Nullable Integer limit, @Nullable Integer stopAfter) {
    return new DeadLetterDesk(
            jdbc,
            TestConsumers.names(jdbc),
            new GroupReplay(jdbc, operations, SteppedOperations.SETTINGS),
            new ErasedCustomers(jdbc, clock),
            new orderflow.audit.OperatorActions(jdbc, clock),
            clock)
        .replayAll(
            new DeadLetterDesk.Group("point-consumer", null, null, limit, stopAfter), OPERATOR)
        .operation();
  }

  /** As the replayers of all instances do in a second; a record that fails waits again. */
  private void replay(Predicate<EventRecord> works) {
    new Replayer(
            jdbc,
            new Replay() {
              @Override
              public boolean replay(String consumer, EventRecord record) {
                replayed.add(record.offset());
                boolean done = works.test(record);
                if (!done) {
                  jdbc.sql(
                          "update dead_letter set replay_due_at = null, replay_until = null where \"offset\" = ?")
                      .param(record.offset())
                      .update();
                }
                return done;
              }

              @Override
              public String tryOut(String consumer, EventRecord record) {
                throw new AssertionError("it was to be replayed");
              }

              @Override
              public List<String> consumers() {
                return List.of("point-consumer");
              }
            },
            new DeadLetterSettings(100, Duration.ofDays(90)),
            clock)
        .replayDue();
  }

  private Operation find(long id) {
    return operations.find(id).orElseThrow();
  }

  private void waiting(int letters) {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", error, failed_at)
            select 'point-consumer', 'order.completed', 0, n, 'bad', ? from generate_series(1, ?) as n
            """)
        .params(NOW.atOffset(ZoneOffset.UTC), letters)
        .update();
  }
}
