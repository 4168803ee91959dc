package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReplayerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private static DataSource database;
  private static JdbcClient jdbc;

  private final List<Long> replayed = new ArrayList<>();

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("replayer");
    jdbc = JdbcClient.create(database);
  }

  @BeforeEach
  void empty() {
    jdbc.sql("delete from dead_letter").update();
  }

  @Test
  void replaysNoMoreInASecondThanItMay() {
    waiting(25);
    assertThat(desk(NOW).replayAll("point-consumer")).isEqualTo(25);

    for (int round = 1; round <= 3; round++) {
      replayer(NOW).replayDue();
      assertThat(replayed).as("after round %d", round).hasSize(Math.min(25, 10 * round));
    }
    assertThat(replayed).doesNotHaveDuplicates();
    assertThat(count("state = 'REPLAYED'")).isEqualTo(25);
  }

  @Test
  void anInstanceThatDiesLeavesItsReplaysToOthersAfterAMinute() {
    waiting(1);
    desk(NOW).replayAll("point-consumer");
    Replayer killed =
        new Replayer(
            jdbc,
            (consumer, record) -> {
              throw new IllegalStateException("killed");
            },
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
    desk(NOW).replayAll("point-consumer");

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
    desk(NOW).replayAll("point-consumer");
    settled(2_000, NOW.minus(Duration.ofDays(91)));

    assertThat(RowsRead.of("dead_letter", database, sql -> replayer(sql).replayDue()))
        .isLessThan(100);
    assertThat(RowsRead.of("dead_letter", database, sql -> replayer(sql).forgetSettled()))
        .isLessThan(1_100);
  }

  private Replayer replayer(JdbcTemplate sql) {
    return new Replayer(
        JdbcClient.create(sql),
        (consumer, record) -> {},
        settings(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Replayer replayer(Instant now) {
    return new Replayer(
        jdbc,
        (consumer, record) -> replayed.add(record.offset()),
        settings(),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static DeadLetterDesk desk(Instant now) {
    return new DeadLetterDesk(jdbc, Clock.fixed(now, ZoneOffset.UTC));
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
