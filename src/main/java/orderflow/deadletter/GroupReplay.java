package orderflow.deadletter;

import java.time.OffsetDateTime;
import java.util.List;
import orderflow.operation.OperationKind;
import orderflow.operation.OperationSettings;
import orderflow.operation.OperationWork;
import orderflow.operation.Operations;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Replays any number of dead letters of a group: each step makes some of them due, which the
 * replayers of all instances then take, and counts those that they are done with. What becomes of a
 * dead letter stands in its own row until it is counted, so nothing is counted twice or forgotten,
 * whichever instance dies. What fails after the request has a higher id and is not part of it.
 */
@Component
class GroupReplay implements OperationWork {

  private static final int COUNTED = 100_000;

  /** So many seconds' worth is handed out at most before the replayers are done with some. */
  private static final int SECONDS_AHEAD = 2;

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
  private final Operations operations;
  private final OperationSettings settings;

  GroupReplay(JdbcClient jdbc, Operations operations, OperationSettings settings) {
    this.jdbc = jdbc;
    this.operations = operations;
    this.settings = settings;
  }

  private record Settled(long id, String state) {}

  @Override
  public OperationKind kind() {
    return OperationKind.REPLAY_DEAD_LETTERS;
  }

  /** Begins the replay of what waits now. */
  ReplayRequest begin(DeadLetterDesk.Group group, Actor by) {
    long waiting =
        jdbc.sql(
                """
                select count(*) from (
                  select from dead_letter
                  where consumer = :consumer and state = 'WAITING' and replay_due_at is null
                """
                    + ofCause(group.cause())
                    + " limit :atMost) as counted")
            .param("consumer", group.consumer())
            .param("cause", group.cause())
            .param("atMost", COUNTED + 1)
            .query(Long.class)
            .single();
    Integer atMost = group.limit();
    long total = Math.min(waiting, atMost == null ? COUNTED : Math.min(COUNTED, atMost));
    long operation =
        operations.begin(
            new Operations.Begin(
                kind(),
                group.consumer(),
                group.cause(),
                total,
                group.rate() == null ? settings.replayRate() : group.rate(),
                atMost,
                group.stopAfter(),
                jdbc.sql("select coalesce(max(id), 0) from dead_letter")
                    .query(Long.class)
                    .single()),
            by);
    return new ReplayRequest(
        group.consumer(),
        group.cause(),
        total,
        waiting > COUNTED && (atMost == null || atMost > COUNTED),
        operation);
  }

  /** Requests of the version before become operations. */
  @Override
  public void adopt(OffsetDateTime now) {
    jdbc.sql(
            """
            with taken as (
              update dead_letter_replay set finished_at = :now where finished_at is null
              returning consumer, cause, position, up_to, requested_at
            )
            insert into operation (kind, state, target, cause, total, rate, position, up_to, actor, started_at)
            select :kind, 'RUNNING', consumer, cause, 0, :rate, position, up_to, 'unknown', requested_at from taken
            """)
        .param("now", now)
        .param("kind", kind().name())
        .param("rate", settings.replayRate())
        .update();
  }

  @Override
  public Step step(Open operation, int allowed, OffsetDateTime now) {
    List<Settled> settled = takeSettled(operation.id());
    long done = settled.stream().filter(letter -> letter.state().equals("REPLAYED")).count();
    List<Long> failures =
        settled.stream()
            .filter(letter -> letter.state().equals("WAITING"))
            .map(Settled::id)
            .sorted()
            .toList();
    boolean isStopped =
        operation.stopAfter() != null
            && operation.failed() + failures.size() >= operation.stopAfter();
    if (isStopped || !operation.isRunning() && !operation.isPaused()) {
      withdraw(operation.id());
    }
    long underWay = underWay(operation.id());
    int room = isStopped ? 0 : Math.min(allowed, room(operation, settled.size(), underWay));
    List<Long> next = room <= 0 ? List.of() : next(operation, room);
    int begun = next.isEmpty() ? 0 : makeDue(operation.id(), next, now);
    long position = next.isEmpty() ? operation.position() : next.get(next.size() - 1);
    boolean isGone = room > 0 && next.size() < room;
    if (isGone) {
      position = operation.upTo();
    }
    Long atMost = operation.atMost();
    return new Step(
        done,
        failures,
        begun,
        position,
        underWay + begun,
        position >= operation.upTo()
            || atMost != null
                && operation.done() + operation.failed() + settled.size() + underWay + begun
                    >= atMost);
  }

  private static int room(Open operation, int settled, long underWay) {
    Integer rate = operation.rate();
    Long atMost = operation.atMost();
    long ahead = rate == null ? Integer.MAX_VALUE : (long) SECONDS_AHEAD * rate - underWay;
    long left =
        atMost == null
            ? Integer.MAX_VALUE
            : atMost - operation.done() - operation.failed() - settled - underWay;
    return (int) Math.max(0, Math.min(ahead, left));
  }

  /** Those that a replayer is done with, each once. */
  private List<Settled> takeSettled(long operation) {
    return jdbc.sql(
            """
            update dead_letter set operation_id = null where operation_id = ? and replay_due_at is null
            returning id, state
            """)
        .param(operation)
        .query(Settled.class)
        .list();
  }

  /** Takes back those that no replayer has begun. */
  private void withdraw(long operation) {
    jdbc.sql(
            """
            update dead_letter set operation_id = null, replay_due_at = null
            where operation_id = ? and replay_due_at is not null and replay_until is null
            """)
        .param(operation)
        .update();
  }

  private long underWay(long operation) {
    return jdbc.sql("select count(*) from dead_letter where operation_id = ?")
        .param(operation)
        .query(Long.class)
        .single();
  }

  private List<Long> next(Open operation, int atMost) {
    return jdbc.sql(operation.cause() == null ? NEXT : NEXT_OF_CAUSE)
        .param("consumer", operation.target())
        .param("cause", operation.cause())
        .param("position", operation.position())
        .param("upTo", operation.upTo())
        .param("atMost", atMost)
        .query(Long.class)
        .list();
  }

  private int makeDue(long operation, List<Long> letters, OffsetDateTime now) {
    return jdbc.sql(
            """
            update dead_letter set replay_due_at = ?, operation_id = ?
            where id = any (?) and state = 'WAITING' and replay_due_at is null
            """)
        .params(now, operation, letters.toArray(Long[]::new))
        .update();
  }

  /** Written as the index has it. */
  private static String ofCause(@Nullable String cause) {
    return cause == null ? "" : " and cause = :cause";
  }
}
