package orderflow.deadletter;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Requests to replay any number of dead letters, worked off in steps: each makes some of them due.
 * A step locks its request, so that two instances do not take the same step; what comes after the
 * request has a higher id and is not part of it.
 */
@Repository
class ReplayRequests {

  private static final int COUNTED = 100_000;

  /** By rows of an index each, which no plan can take for those of another one. */
  private static final String NEXT =
      """
      select id from dead_letter
      where (consumer, state, id) > (:consumer, 'WAITING', :position)
        and (consumer, state, id) <= (:consumer, 'WAITING', :upTo)
      order by consumer, state, id limit :atMost
      """;

  private static final String NEXT_OF_CAUSE =
      """
      select id from dead_letter
      where state = 'WAITING' and (consumer, cause, id) > (:consumer, :cause, :position)
        and (consumer, cause, id) <= (:consumer, :cause, :upTo)
      order by consumer, cause, id limit :atMost
      """;

  private final JdbcClient jdbc;

  ReplayRequests(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Open(long id, String consumer, @Nullable String cause, long position, long upTo) {}

  /** Adds a request for what waits now. */
  ReplayRequest add(String consumer, @Nullable String cause, OffsetDateTime now) {
    jdbc.sql(
            """
            insert into dead_letter_replay (consumer, cause, up_to, requested_at)
            values (:consumer, :cause, coalesce((select max(id) from dead_letter), 0), :now)
            """)
        .param("consumer", consumer)
        .param("cause", cause)
        .param("now", now)
        .update();
    long waiting =
        jdbc.sql(
                """
                select count(*) from (
                  select from dead_letter
                  where consumer = :consumer and state = 'WAITING' and replay_due_at is null
                """
                    + ofCause(cause)
                    + " limit :atMost) as counted")
            .param("consumer", consumer)
            .param("cause", cause)
            .param("atMost", COUNTED + 1)
            .query(Long.class)
            .single();
    return new ReplayRequest(consumer, cause, Math.min(waiting, COUNTED), waiting > COUNTED);
  }

  /** Makes the next dead letters of the oldest request due that no other instance is at. */
  @Transactional
  public void makeSomeDue(int atMost, OffsetDateTime now) {
    jdbc.sql(
            """
            select id, consumer, cause, position, up_to from dead_letter_replay
            where finished_at is null order by id limit 1 for update skip locked
            """)
        .query(Open.class)
        .optional()
        .ifPresent(request -> makeSomeDue(request, atMost, now));
  }

  private void makeSomeDue(Open request, int atMost, OffsetDateTime now) {
    List<Long> next =
        jdbc.sql(request.cause() == null ? NEXT : NEXT_OF_CAUSE)
            .param("consumer", request.consumer())
            .param("cause", request.cause())
            .param("position", request.position())
            .param("upTo", request.upTo())
            .param("atMost", atMost)
            .query(Long.class)
            .list();
    jdbc.sql(
            """
            update dead_letter set replay_due_at = ?
            where id = any (?) and state = 'WAITING' and replay_due_at is null
            """)
        .params(now, next.toArray(Long[]::new))
        .update();
    jdbc.sql("update dead_letter_replay set position = ?, finished_at = ? where id = ?")
        .params(
            next.isEmpty() ? request.upTo() : next.get(next.size() - 1),
            next.size() < atMost ? now : null,
            request.id())
        .update();
  }

  /** Forgets some of the requests that ended before a moment. */
  int forget(OffsetDateTime before, int atMost) {
    return jdbc.sql(
            """
            delete from dead_letter_replay where id = any (array(
              select id from dead_letter_replay where finished_at < ? order by id limit ?))
            """)
        .params(before, atMost)
        .update();
  }

  /** Written as the index has it. */
  private static String ofCause(@Nullable String cause) {
    return cause == null ? "" : " and cause = :cause";
  }
}
