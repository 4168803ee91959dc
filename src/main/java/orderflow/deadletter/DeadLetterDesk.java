package orderflow.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import orderflow.deadletter.DeadLetter.State;
import orderflow.paging.Cursor;
import orderflow.paging.Page;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where operators look at dead letters and say what is to become of them. */
@Component
public class DeadLetterDesk {

  private static final int SHOWN_IN_LISTS = 4096;

  private final JdbcClient jdbc;
  private final Clock clock;

  DeadLetterDesk(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Lists dead letters, the newest first, and of long payloads the beginning. */
  public Page<DeadLetter> list(
      @Nullable String consumer, @Nullable String state, int limit, @Nullable String cursor) {
    Long before = Cursor.read(cursor, Long::valueOf);
    var found =
        jdbc.sql(
                """
                select *, substring(payload from 1 for :shown) as shown, octet_length(payload) > :shown as cut
                from dead_letter
                where id < :before
                """
                    + (consumer == null ? "" : " and consumer = :consumer")
                    // Written out where it is the index's own condition.
                    + (state == null ? "" : " and state = '" + State.valueOf(state) + "'")
                    + " order by id desc limit :limit")
            .param("shown", SHOWN_IN_LISTS)
            .param("consumer", consumer)
            .param("before", before == null ? Long.MAX_VALUE : before)
            .param("limit", limit + 1)
            .query(
                (row, n) ->
                    letter(row, PayloadText.of(row.getBytes("shown"), row.getBoolean("cut"))))
            .list();
    return Page.of(found, limit, DeadLetter::id);
  }

  /** A dead letter with the whole of its payload. */
  public Optional<DeadLetter> find(long id) {
    return jdbc.sql("select *, false as cut from dead_letter where id = ?")
        .param(id)
        .query((row, n) -> letter(row, PayloadText.of(row.getBytes("payload"), false)))
        .optional();
  }

  /**
   * Asks for a replay, which follows soon.
   *
   * @throws Refusal if there is no such dead letter, or it is settled
   */
  public void replay(long id) {
    int asked =
        jdbc.sql(
                "update dead_letter set replay_due_at = coalesce(replay_due_at, ?) where id = ? and state = 'WAITING'")
            .params(now(), id)
            .update();
    checkWaiting(id, asked);
  }

  /** Asks for a replay of all that wait for a consumer, and returns how many that are. */
  public int replayAll(String consumer) {
    return jdbc.sql(
            """
            update dead_letter set replay_due_at = ?
            where consumer = ? and state = 'WAITING' and replay_due_at is null
            """)
        .params(now(), consumer)
        .update();
  }

  /**
   * Gives a dead letter up for good.
   *
   * @throws Refusal if there is no such dead letter, or it is settled
   */
  public void discard(long id) {
    int discarded =
        jdbc.sql(
                """
                update dead_letter set state = 'DISCARDED', replay_due_at = null, settled_at = ?
                where id = ? and state = 'WAITING'
                """)
            .params(now(), id)
            .update();
    checkWaiting(id, discarded);
  }

  private void checkWaiting(long id, int updated) {
    if (updated == 0) {
      throw new Refusal(
          find(id).isPresent() ? ProblemType.DEAD_LETTER_SETTLED : ProblemType.NOT_FOUND);
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static DeadLetter letter(ResultSet row, PayloadText payload) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        row.getString("consumer"),
        row.getString("topic"),
        row.getInt("partition"),
        row.getLong("offset"),
        PayloadText.of(row.getBytes("key"), false).text(),
        payload.text(),
        payload.encoding(),
        row.getBoolean("cut"),
        row.getString("error"),
        row.getInt("attempts"),
        row.getObject("failed_at", OffsetDateTime.class).toInstant(),
        State.valueOf(row.getString("state")));
  }
}
