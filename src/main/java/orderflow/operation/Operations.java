package orderflow.operation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.operation.OperationWork.Open;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Long work as a resource: it is begun, seen, paused, resumed and cancelled here. */
@Component
public class Operations {

  /** Of those that failed, so many are kept by name. */
  static final int FAILURES_KEPT = 20;

  private static final String COLUMNS =
      """
      select id, kind, target, cause, state, total, done, failed, rate, actor, started_at, finished_at, failures
      from operation
      """;

  private final JdbcClient jdbc;
  private final OperatorActions actions;
  private final Clock clock;
  private final MeterRegistry meters;

  public Operations(JdbcClient jdbc, OperatorActions actions, Clock clock, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.actions = actions;
    this.clock = clock;
    this.meters = meters;
    for (OperationKind kind : OperationKind.values()) {
      for (OperationState state : OperationState.values()) {
        if (state.isFinal()) {
          counter(kind.word(), state);
        }
      }
    }
  }

  /**
   * Long work that is to begin.
   *
   * @param target an id that is an e-mail address is kept as its SHA-256
   * @param total an estimate
   * @param rate most in a second; null if it is not paced
   * @param atMost null for all
   * @param stopAfter it fails with so many failures; null if it is to go on whatever fails
   * @param upTo the last id of what it works on
   */
  public record Begin(
      OperationKind kind,
      String target,
      @Nullable String cause,
      long total,
      @Nullable Integer rate,
      @Nullable Integer atMost,
      @Nullable Integer stopAfter,
      long upTo) {}

  /** Begins an operation within a transaction of the caller's, who also records the act. */
  public long begin(Begin work, Actor by) {
    return jdbc.sql(
            """
            insert into operation (kind, state, target, cause, total, rate, at_most, stop_after, up_to, actor, started_at)
            values (?, 'RUNNING', ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
            """)
        .params(
            work.kind().name(),
            OperatorActions.withoutAddress(work.target()),
            work.cause(),
            work.total(),
            work.rate(),
            work.atMost(),
            work.stopAfter(),
            work.upTo(),
            OperatorActions.storable(by.name()),
            now())
        .query(Long.class)
        .single();
  }

  /**
   * Begins an operation anew that has not ended.
   *
   * @return whether there was one of that id
   */
  public boolean beginAnew(long id) {
    return jdbc.sql(
                """
                update operation set state = 'RUNNING', done = 0, failed = 0 where id = ? and finished_at is null
                """)
            .param(id)
            .update()
        > 0;
  }

  /** Notes how far an operation has come that takes its steps by itself. */
  public void advance(long id, long done) {
    jdbc.sql("update operation set done = ? where id = ? and finished_at is null")
        .params(done, id)
        .update();
  }

  /** Notes that an operation is done that takes its steps by itself. */
  public void finish(long id) {
    jdbc.sql(
            """
            update operation set state = 'DONE', done = total, finished_at = ?
            where id = ? and finished_at is null returning kind
            """)
        .params(now(), id)
        .query(String.class)
        .optional()
        .ifPresent(kind -> count(kind, OperationState.DONE));
  }

  /** Lists operations, the newest first. */
  public Page<Operation> list(@Nullable String state, int limit, @Nullable String cursor) {
    Long before = Cursor.read(cursor, Long::valueOf);
    return Page.of(
        jdbc.sql(
                COLUMNS
                    + " where id < :before and (:state::text is null or state = :state) order by id desc limit :limit")
            .param("before", before == null ? Long.MAX_VALUE : before)
            .param("state", state)
            .param("limit", limit + 1)
            .query(Operations::operation)
            .list(),
        limit,
        Operation::id);
  }

  public Optional<Operation> find(long id) {
    return jdbc.sql(COLUMNS + " where id = ?").param(id).query(Operations::operation).optional();
  }

  /** Pauses an operation: what is under way ends, nothing more begins. */
  @Transactional
  public OperationResult pause(long id, Actor by) {
    return change(id, OperationState.RUNNING, OperationState.PAUSED, Action.PAUSE_OPERATION, by);
  }

  /** Lets a paused operation go on. */
  @Transactional
  public OperationResult resume(long id, Actor by) {
    return change(id, OperationState.PAUSED, OperationState.RUNNING, Action.RESUME_OPERATION, by);
  }

  /** Cancels an operation for good: what is under way ends, the rest is left as it is. */
  @Transactional
  public OperationResult cancel(long id, Actor by) {
    Operation operation = lock(id);
    if (operation == null) {
      return OperationResult.UNKNOWN;
    }
    if (!operation.isPausable() && !operation.isResumable()) {
      return operation.state().equals(OperationState.CANCELLED.name())
          ? OperationResult.DONE
          : OperationResult.ENDED;
    }
    if (!operation.isCancellable()) {
      return OperationResult.NOT_CANCELLABLE;
    }
    set(id, OperationState.CANCELLED, Action.CANCEL_OPERATION, by, operation.kind());
    return OperationResult.DONE;
  }

  private OperationResult change(
      long id, OperationState from, OperationState to, Action action, Actor by) {
    Operation operation = lock(id);
    if (operation == null) {
      return OperationResult.UNKNOWN;
    }
    if (operation.state().equals(from.name())) {
      set(id, to, action, by, operation.kind());
      return OperationResult.DONE;
    }
    return operation.state().equals(to.name()) ? OperationResult.DONE : OperationResult.ENDED;
  }

  private void set(long id, OperationState state, Action action, Actor by, String kind) {
    jdbc.sql("update operation set state = ? where id = ?").params(state.name(), id).update();
    actions.record(by, action, id, Map.of("kind", kind));
  }

  private @Nullable Operation lock(long id) {
    return jdbc.sql(COLUMNS + " where id = ? for update")
        .param(id)
        .query(Operations::operation)
        .optional()
        .orElse(null);
  }

  /** Those of some kinds of which something is still to be done, the oldest first. */
  List<Long> open(List<String> kinds, int atMost) {
    return jdbc.sql(
            "select id from operation where finished_at is null and kind = any (?) order by id limit ?")
        .params(kinds.toArray(String[]::new), atMost)
        .query(Long.class)
        .list();
  }

  /** An open operation, locked for the transaction, with its kind. */
  Optional<Map.Entry<String, Open>> lockOpen(long id) {
    return jdbc.sql(
            """
            select id, state, target, cause, total, done, failed, rate, at_most, stop_after, position, up_to, paced_at, kind
            from operation where id = ? and finished_at is null for update
            """)
        .param(id)
        .query((row, n) -> Map.entry(row.getString("kind"), open(row)))
        .optional();
  }

  /** Saves what a step has found and done. */
  void save(Open before, String kind, OperationWork.Step step) {
    long done = before.done() + step.done();
    long failed = before.failed() + step.failures().size();
    Long stopAfter = before.stopAfter();
    OperationState state = OperationState.valueOf(before.state());
    if (!state.isFinal() && stopAfter != null && failed >= stopAfter) {
      state = OperationState.FAILED;
    } else if (state == OperationState.RUNNING && step.isAll() && step.underWay() == 0) {
      state = OperationState.DONE;
    }
    boolean ended = state.isFinal() && step.underWay() == 0;
    Integer rate = before.rate();
    jdbc.sql(
            """
            update operation
            set state = :state, done = :done, failed = :failed, position = :position, paced_at = :pacedAt,
              failures = failures || :failures,
              total = case when :ended and :state = 'DONE' then :done + :failed
                else greatest(total, :done + :failed + :underWay) end,
              finished_at = :finishedAt
            where id = :id
            """)
        .param("id", before.id())
        .param("state", state.name())
        .param("done", done)
        .param("failed", failed)
        .param("position", step.position())
        .param(
            "pacedAt",
            rate == null || step.begun() == 0
                ? before.pacedAt()
                : Pace.after(before.pacedAt(), now(), rate, step.begun()))
        .param(
            "failures",
            step.failures().stream()
                .limit(Math.max(0, FAILURES_KEPT - before.failed()))
                .toArray(Long[]::new))
        .param("underWay", step.underWay())
        .param("ended", ended)
        .param("finishedAt", ended ? now() : null)
        .update();
    if (ended) {
      count(kind, state);
    }
  }

  /** Forgets some of those that ended before a moment. */
  int forget(OffsetDateTime before, int atMost) {
    return jdbc.sql(
            """
            delete from operation where id = any (array(
              select id from operation where finished_at < ? order by finished_at limit ?))
            """)
        .params(before, atMost)
        .update();
  }

  OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private void count(String kind, OperationState state) {
    AfterCommit.run(() -> counter(kind.toLowerCase(Locale.ROOT), state).increment());
  }

  private Counter counter(String kind, OperationState state) {
    return Counter.builder("orderflow.operations")
        .description("Long work that has ended")
        .tag("kind", kind)
        .tag("outcome", state.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  private static Operation operation(ResultSet row, int n) throws SQLException {
    return new Operation(
        row.getLong("id"),
        row.getString("kind"),
        row.getString("target"),
        row.getString("cause"),
        row.getString("state"),
        row.getLong("total"),
        row.getLong("done"),
        row.getLong("failed"),
        row.getObject("rate", Integer.class),
        row.getString("actor"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        instant(row.getObject("finished_at", OffsetDateTime.class)),
        List.of((Long[]) row.getArray("failures").getArray()));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Open open(ResultSet row) throws SQLException {
    return new Open(
        row.getLong("id"),
        row.getString("state"),
        row.getString("target"),
        row.getString("cause"),
        row.getLong("total"),
        row.getLong("done"),
        row.getLong("failed"),
        row.getObject("rate", Integer.class),
        row.getObject("at_most", Long.class),
        row.getObject("stop_after", Long.class),
        row.getLong("position"),
        row.getLong("up_to"),
        row.getObject("paced_at", OffsetDateTime.class));
  }
}
