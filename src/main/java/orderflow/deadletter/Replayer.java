package orderflow.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import orderflow.consumer.EventRecord;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Replays the dead letters that operators asked for, and those that came too early when their time
 * has come, a bounded number each second; and forgets settled ones in time. A replay is claimed for
 * a minute: if this instance dies, it is due again then. One due far later than that was asked for
 * before the clock was put back.
 */
@Configuration(proxyBeanMethods = false)
class Replayer {

  static final Duration CLAIM = Duration.ofMinutes(1);

  /** Between two tries of what came too early, at most. */
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  /** A replay is not begun later than this after its claim. */
  private static final Duration BEGUN_WITHIN = Duration.ofSeconds(30);

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
  @OnInstanceRole(InstanceRole.CONSUMERS)
  BackgroundLoop deadLetterReplay() {
    return new BackgroundLoop("dead-letter-replay", Duration.ofSeconds(1), this::replayDue);
  }

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop deadLetterRetention() {
    return new BackgroundLoop("dead-letter-retention", Duration.ofHours(1), this::forgetSettled);
  }

  /**
   * What this leaves waits for the loop's next second, which bounds the rate. A claim that has gone
   * by meanwhile belongs to the instance that takes it next.
   */
  boolean replayDue() {
    OffsetDateTime now = now();
    makeEarlyOnesDue(now);
    long began = System.nanoTime();
    for (Claimed letter : claim(now, settings.replayRate())) {
      if (System.nanoTime() - began > BEGUN_WITHIN.toNanos()) {
        break;
      }
      if (replay.replay(letter.consumer(), letter.record())) {
        settle(letter.id());
      }
    }
    return false;
  }

  /**
   * What came too early is tried as if an operator had asked for it. Many may wait, so the index is
   * read from both ends alone.
   */
  private void makeEarlyOnesDue(OffsetDateTime now) {
    jdbc.sql(
            """
            update dead_letter set replay_due_at = :now, retry_at = null
            where ctid = any (array(
              select ctid from dead_letter
              where retry_at <= :now and state = 'WAITING' and consumer = any (:consumers)
              order by retry_at limit :rate for update skip locked
            ) || array(
              select ctid from dead_letter
              where retry_at > :farAhead and state = 'WAITING' and consumer = any (:consumers)
              order by retry_at limit :rate for update skip locked))
            """)
        .param("consumers", replay.consumers().toArray(String[]::new))
        .param("now", now)
        .param("farAhead", now.plus(LONGEST_PAUSE).plus(CLOCKS_APART))
        .param("rate", settings.replayRate())
        .update();
  }

  /** Of an order's effect that was given up, it stays known that it is not to come. */
  boolean forgetSettled() {
    OffsetDateTime before = now().minus(settings.settledRetention());
    forgetRequests(before);
    return jdbc.sql(
                """
                with forgotten as (
                  delete from dead_letter
                  where ctid = any (array(select ctid from dead_letter where settled_at < ? limit ?))
                  returning order_id, consumer, state, partition
                ),
                kept as (
                  insert into discarded_effect (order_id, consumer)
                  select distinct order_id, consumer from forgotten
                  -- a mail about a reversal, which no record asked for, is no effect of the order's event
                  where state = 'DISCARDED' and order_id is not null and partition >= 0
                  on conflict do nothing
                )
                select count(*) from forgotten
                """)
            .params(before, FORGOTTEN_AT_ONCE)
            .query(Integer.class)
            .single()
        == FORGOTTEN_AT_ONCE;
  }

  /** Those of the version before, which have become operations. */
  private void forgetRequests(OffsetDateTime before) {
    jdbc.sql(
            """
            delete from dead_letter_replay where id = any (array(
              select id from dead_letter_replay where finished_at < ? order by id limit ?))
            """)
        .params(before, FORGOTTEN_AT_ONCE)
        .update();
  }

  /**
   * Each by its place: how many they are is not known when the statement is planned, and a join
   * would read the whole table, every second.
   */
  private List<Claimed> claim(OffsetDateTime now, int atMost) {
    return jdbc.sql(
            """
            update dead_letter set replay_due_at = :until, replay_until = :until
            where ctid = any (array(
              select ctid from dead_letter
              where (replay_due_at <= :now or replay_due_at > :farAhead) and consumer = any (:consumers)
              order by replay_due_at limit :rate for update skip locked))
            returning id, consumer, topic, partition, "offset", key, payload, edited, headers
            """)
        .param("consumers", replay.consumers().toArray(String[]::new))
        .param("now", now)
        .param("until", now.plus(CLAIM))
        .param("farAhead", now.plus(CLAIM).plus(CLOCKS_APART))
        .param("rate", atMost)
        .query((row, n) -> new Claimed(row.getLong("id"), row.getString("consumer"), record(row)))
        .list();
  }

  /**
   * The effect is there, whatever the row says by now: one that was discarded after this claim had
   * gone by was replayed all the same.
   */
  private void settle(long id) {
    jdbc.sql(
            """
            update dead_letter set state = 'REPLAYED', settled_at = ?, replay_due_at = null, replay_until = null
            where id = ? and state in ('WAITING', 'DISCARDED')
            """)
        .params(now(), id)
        .update();
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  /** The record as it came or, if an operator has edited its payload, as edited. */
  static EventRecord record(ResultSet row) throws SQLException {
    String headers = row.getString("headers");
    byte[] edited = row.getBytes("edited");
    EventRecord original =
        new EventRecord(
            row.getString("topic"),
            row.getInt("partition"),
            row.getLong("offset"),
            row.getBytes("key"),
            row.getBytes("payload"),
            headers == null ? List.of() : RecordHeaders.list(headers));
    return edited == null ? original : original.edited(edited);
  }
}
