package orderflow.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.consumer.ConsumerNames;
import orderflow.deadletter.DeadLetter.State;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where operators look at dead letters and decide what becomes of them. */
@Component
public class DeadLetterDesk {

  private static final int SHOWN_IN_LISTS = 4096;
  private static final String[] STATES =
      Arrays.stream(State.values()).map(State::name).toArray(String[]::new);

  /**
   * While a customer is being erased, what is theirs, and what names no customer, is shown without
   * its content.
   */
  private static final String SHOWN =
      """
      id, consumer, topic, partition, "offset", key, substring(payload from 1 for :shown) as shown,
      octet_length(payload) > :shown as cut, error, cause, attempts, failed_at, state,
      exists (
        select from erased_customer
        where due_at is not null and sweep = 0
          and (erased_customer.customer_id = dead_letter.customer_id or dead_letter.customer_id is null)) as erasing
      """;

  private static final String NEWEST =
      "select " + SHOWN + " from dead_letter where id < :before order by id desc limit :limit";

  /** By rows of the index, which no plan can take for those of the primary key. */
  private static final String NEWEST_OF_GROUPS =
      """
      select letter.* from unnest(:consumers) as one (consumer) cross join unnest(:states) as each (state)
      cross join lateral (
        select %s from dead_letter
        where (consumer, state, id) > (one.consumer, each.state, 0)
          and (consumer, state, id) < (one.consumer, each.state, :before)
        order by consumer desc, state desc, id desc limit :limit
      ) as letter
      order by id desc limit :limit
      """
          .formatted(SHOWN);

  private final JdbcClient jdbc;
  private final ConsumerNames consumers;
  private final ReplayRequests requests;
  private final OperatorActions actions;
  private final Clock clock;

  DeadLetterDesk(
      JdbcClient jdbc,
      ConsumerNames consumers,
      ReplayRequests requests,
      OperatorActions actions,
      Clock clock) {
    this.jdbc = jdbc;
    this.consumers = consumers;
    this.requests = requests;
    this.actions = actions;
    this.clock = clock;
  }

  /** The consumers that there can be dead letters of. */
  public String[] consumers() {
    return consumers.all().toArray(String[]::new);
  }

  /**
   * Lists dead letters, the newest first, and of long payloads the beginning. Each consumer and
   * state is read by its own place in the index, so that rare ones are not looked for among
   * millions of others.
   */
  public Page<DeadLetter> list(
      @Nullable String consumer, @Nullable String state, int limit, @Nullable String cursor) {
    Long before = Cursor.read(cursor, Long::valueOf);
    return Page.of(
        jdbc.sql(consumer == null && state == null ? NEWEST : NEWEST_OF_GROUPS)
            .param("shown", SHOWN_IN_LISTS)
            .param("consumers", consumer == null ? consumers() : new String[] {consumer})
            .param("states", state == null ? STATES : new String[] {state})
            .param("before", before == null ? Long.MAX_VALUE : before)
            .param("limit", limit + 1)
            .query(DeadLetterDesk::letter)
            .list(),
        limit,
        DeadLetter::id);
  }

  /** A dead letter with the whole of its payload. */
  public Optional<DeadLetter> find(long id) {
    return jdbc.sql("select " + SHOWN + " from dead_letter where id = :id")
        .param("shown", 1 << 30)
        .param("id", id)
        .query(DeadLetterDesk::letter)
        .optional();
  }

  /** Requests a replay, which follows in the background. */
  @Transactional
  public DeadLetterResult replay(long id, Actor by) {
    int asked =
        jdbc.sql(
                "update dead_letter set replay_due_at = coalesce(replay_due_at, ?) where id = ? and state = 'WAITING'")
            .params(now(), id)
            .update();
    if (asked == 0) {
      return refusal(id);
    }
    actions.record(by, Action.REPLAY_DEAD_LETTER, id);
    return DeadLetterResult.DONE;
  }

  /**
   * Asks for a replay of all that wait for a consumer, which follow in the background.
   *
   * @param cause those of this cause alone; null for all
   */
  @Transactional
  public ReplayRequest replayAll(String consumer, @Nullable String cause, Actor by) {
    ReplayRequest request = requests.add(consumer, cause, now());
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("replays", request.replays());
    if (cause != null) {
      detail.put("cause", cause);
    }
    actions.record(by, Action.REPLAY_DEAD_LETTERS, consumer, detail);
    return request;
  }

  /** Gives a dead letter up for good. */
  @Transactional
  public DeadLetterResult discard(long id, Actor by) {
    int discarded =
        jdbc.sql(
                """
                update dead_letter
                set state = 'DISCARDED', replay_due_at = null, replay_until = null, settled_at = :now
                where id = :id and state = 'WAITING'
                  and (replay_until is null or replay_until <= :now or replay_until > :farAhead)
                """)
            .param("id", id)
            .param("now", now())
            .param("farAhead", now().plus(Replayer.CLAIM).plus(Replayer.CLOCKS_APART))
            .update();
    if (discarded == 0) {
      return refusal(id);
    }
    actions.record(by, Action.DISCARD_DEAD_LETTER, id);
    return DeadLetterResult.DONE;
  }

  private DeadLetterResult refusal(long id) {
    return find(id)
        .map(
            letter ->
                letter.state().equals(State.WAITING.name())
                    ? DeadLetterResult.REPLAYING
                    : DeadLetterResult.SETTLED)
        .orElse(DeadLetterResult.UNKNOWN);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static DeadLetter letter(ResultSet row, int n) throws SQLException {
    boolean cut = row.getBoolean("cut");
    PayloadText payload = PayloadText.of(row.getBytes("shown"), cut);
    DeadLetter letter =
        new DeadLetter(
            row.getLong("id"),
            row.getString("consumer"),
            row.getString("topic"),
            row.getInt("partition"),
            row.getLong("offset"),
            PayloadText.of(row.getBytes("key"), false).text(),
            payload.text(),
            payload.encoding(),
            cut,
            row.getString("error"),
            row.getString("cause"),
            row.getInt("attempts"),
            row.getObject("failed_at", OffsetDateTime.class).toInstant(),
            row.getString("state"));
    return row.getBoolean("erasing") ? letter.withoutContent() : letter;
  }
}
