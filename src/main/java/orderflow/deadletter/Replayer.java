package orderflow.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import orderflow.background.BackgroundLoop;
import orderflow.event.EventRecord;
import orderflow.outbox.RecordHeaders;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Replays the dead letters that operators asked for, so many each second, and forgets settled ones
 * in time. A replay is claimed for a minute by moving its due time: if this instance dies, it is
 * due again. One due far later than that was asked for before the clock was put back.
 */
@Configuration(proxyBeanMethods = false)
class Replayer {

  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final Duration CLOCKS_APART = Duration.ofMinutes(1);
  private static final int FORGOTTEN_AT_ONCE = 1_000;

  private final JdbcClient jdbc;
  private final Replay replay;
  private final DeadLetterSettings settings;
  private final Clock clock;

  Replayer(JdbcClient jdbc, Replay replay, DeadLetterSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.replay = replay;
    this.settings = settings;
    this.clock = clock;
  }

  private record Claimed(long id, String consumer, EventRecord record) {}

  @Bean
  BackgroundLoop deadLetterReplay() {
    return new BackgroundLoop("dead-letter-replay", Duration.ofSeconds(1), this::replayDue);
  }

  @Bean
  BackgroundLoop deadLetterRetention() {
    return new BackgroundLoop("dead-letter-retention", Duration.ofHours(1), this::forgetSettled);
  }

  /** What this leaves waits for the loop's next second, which bounds the rate. */
  boolean replayDue() {
    for (Claimed letter : claim(clock.instant().atOffset(ZoneOffset.UTC))) {
      replay.replay(letter.consumer(), letter.record());
      settle(letter.id());
    }
    return false;
  }

  boolean forgetSettled() {
    int forgotten =
        jdbc.sql(
                "delete from dead_letter where ctid = any (array(select ctid from dead_letter where"
                    + " settled_at < ? limit ?))")
            .params(
                clock.instant().minus(settings.keepSettled()).atOffset(ZoneOffset.UTC),
                FORGOTTEN_AT_ONCE)
            .update();
    return forgotten == FORGOTTEN_AT_ONCE;
  }

  /**
   * Each by its place: how many they are is not known when the statement is planned, and a join
   * would read the whole table, every second.
   */
  private List<Claimed> claim(OffsetDateTime now) {
    return jdbc.sql(
            """
            update dead_letter set replay_due_at = :until
            where ctid = any (array(
              select ctid from dead_letter where replay_due_at <= :now or replay_due_at > :farAhead
              order by replay_due_at limit :rate for update skip locked))
            returning *
            """)
        .param("now", now)
        .param("until", now.plus(CLAIM))
        .param("farAhead", now.plus(CLAIM).plus(CLOCKS_APART))
        .param("rate", settings.replayRate())
        .query((row, n) -> new Claimed(row.getLong("id"), row.getString("consumer"), original(row)))
        .list();
  }

  /** One that failed again has no due time any more: it waits, as a new attempt. */
  private void settle(long id) {
    jdbc.sql(
            """
            update dead_letter set state = 'REPLAYED', settled_at = ?, replay_due_at = null
            where id = ? and replay_due_at is not null
            """)
        .params(clock.instant().atOffset(ZoneOffset.UTC), id)
        .update();
  }

  private static EventRecord original(ResultSet row) throws SQLException {
    String headers = row.getString("headers");
    return new EventRecord(
        row.getString("topic"),
        row.getInt("partition"),
        row.getLong("offset"),
        row.getBytes("key"),
        row.getBytes("payload"),
        headers == null ? List.of() : RecordHeaders.list(headers));
  }
}
