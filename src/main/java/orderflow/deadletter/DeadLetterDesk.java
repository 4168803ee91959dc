package orderflow.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.consumer.ConsumerNames;
import orderflow.deadletter.DeadLetter.State;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomers;
import orderflow.privacy.PersonalPayload;
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
      octet_length(payload) > :shown as cut, error, cause, attempts, failed_at, state, version, edited_by, edited_at,
      substring(edited from 1 for :shown) as edited_shown, octet_length(edited) > :shown as edited_cut,
      exists (
        select from erased_customer
        where due_at is not null and sweep = 0
          and (erased_customer.customer_id in (dead_letter.customer_id, dead_letter.edited_customer_id)
            or dead_letter.customer_id is null)) as erasing
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
  private final GroupReplay replays;
  private final ErasedCustomers erased;
  private final OperatorActions actions;
  private final Clock clock;

  DeadLetterDesk(
      JdbcClient jdbc,
      ConsumerNames consumers,
      GroupReplay replays,
      ErasedCustomers erased,
      OperatorActions actions,
      Clock clock) {
    this.jdbc = jdbc;
    this.consumers = consumers;
    this.replays = replays;
    this.erased = erased;
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
   * What is to be replayed of the dead letters that wait for a consumer, and how.
   *
   * @param cause those of this cause alone; null for all
   * @param rate most in a second; null for the setting's
   * @param limit how many, the oldest first; null for all
   * @param stopAfter no more after so many failures; null to go on whatever fails
   */
  public record Group(
      String consumer,
      @Nullable String cause,
      @Nullable Integer rate,
      @Nullable Integer limit,
      @Nullable Integer stopAfter) {

    /** Of what a call may ask for as its limit, or as the failures it bears. */
    public static final int MOST = 1_000_000;
  }

  /** Begins the replay of a group, an operation that follows in the background. */
  @Transactional
  public ReplayRequest replayAll(Group group, Actor by) {
    ReplayRequest request = replays.begin(group, by);
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("operation", request.operation());
    detail.put("replays", request.replays());
    if (group.cause() != null) {
      detail.put("cause", group.cause());
    }
    actions.record(by, Action.REPLAY_DEAD_LETTERS, group.consumer(), detail);
    return request;
  }

  private record Editable(
      int version, String state, boolean replaying, boolean same, @Nullable String customer) {}

  /**
   * Makes another payload of a dead letter's, which its replay uses from then on. The payload that
   * came is kept; an edit that equals it takes the edits before back.
   *
   * @param versions of which the editor has seen one; null for any
   */
  @Transactional
  public EditResult edit(long id, byte[] payload, @Nullable Set<Integer> versions, Actor by) {
    Editable letter =
        jdbc.sql(
                """
                select version, state, customer_id as customer, payload is not distinct from :payload as same,
                  coalesce(replay_until > :now and replay_until <= :farAhead, false) as replaying
                from dead_letter where id = :id for update
                """)
            .param("id", id)
            .param("payload", payload)
            .param("now", now())
            .param("farAhead", farAhead())
            .query(Editable.class)
            .optional()
            .orElse(null);
    if (letter == null) {
      return new EditResult.Refused(DeadLetterResult.UNKNOWN);
    }
    if (!letter.state().equals(State.WAITING.name())) {
      return new EditResult.Refused(DeadLetterResult.SETTLED);
    }
    if (letter.replaying()) {
      return new EditResult.Refused(DeadLetterResult.REPLAYING);
    }
    if (versions != null && !versions.contains(letter.version())) {
      return new EditResult.OtherVersion(shown(id));
    }
    PersonalPayload content = PersonalPayload.of(payload);
    String customer = content.customerId();
    if (isErased(content, customer) || isErased(content, letter.customer())) {
      return new EditResult.OfErasedCustomer();
    }
    jdbc.sql(
            """
            update dead_letter
            set version = version + 1, edited = :edited, edited_by = :by, edited_at = :at, edited_customer_id = :customer
            where id = :id
            """)
        .param("id", id)
        .param("edited", letter.same() ? null : payload, Types.BINARY)
        .param("by", letter.same() ? null : OperatorActions.storable(by.name()))
        .param("at", letter.same() ? null : now())
        .param("customer", letter.same() ? null : customer)
        .update();
    actions.record(by, Action.EDIT_DEAD_LETTER, id, Map.of("version", letter.version() + 1));
    return new EditResult.Edited(shown(id));
  }

  private boolean isErased(PersonalPayload content, @Nullable String customer) {
    return customer != null
        && erased.among(List.of(customer)).values().stream()
            .anyMatch(known -> known.covers(content.completedAt()));
  }

  private DeadLetter shown(long id) {
    return find(id).orElseThrow(() -> new IllegalStateException("it is locked, so it is there"));
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
            .param("farAhead", farAhead())
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

  /** A claim that ends later was made before the clock was put back. */
  private OffsetDateTime farAhead() {
    return now().plus(Replayer.CLAIM).plus(Replayer.CLOCKS_APART);
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
            row.getString("state"),
            row.getInt("version"),
            edit(row));
    return row.getBoolean("erasing") ? letter.withoutContent() : letter;
  }

  private static DeadLetter.@Nullable Edit edit(ResultSet row) throws SQLException {
    byte[] edited = row.getBytes("edited_shown");
    if (edited == null) {
      return null;
    }
    boolean cut = row.getBoolean("edited_cut");
    PayloadText payload = PayloadText.of(edited, cut);
    return new DeadLetter.Edit(
        payload.text(),
        payload.encoding(),
        cut,
        row.getString("edited_by"),
        row.getObject("edited_at", OffsetDateTime.class).toInstant());
  }
}
