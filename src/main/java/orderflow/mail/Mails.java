package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderStatus;
import orderflow.outbox.EventType;
import orderflow.platform.jdbc.ArrayColumns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table of mails, queued and settled. */
@Repository
class Mails {

  /** A round's mails are in memory several times; no more are taken after so many bytes. */
  static final int MOST_BYTES = 1 << 20;

  private static final String TAKE_FROM = take("next_attempt_at >= ? and taken_by is null");

  private static final String TAKE_LEFT =
      take(
          """
          (taken_by is null
            or (taken_by = ? or taken_by <> all (array(select id from instance)))
              and (order_id, kind) not in (select * from unnest(?, ?)))\
          """);

  /** So few that the statement ends within its time. */
  static final int HASTENED_AT_ONCE = 5_000;

  private final JdbcTemplate jdbc;

  Mails(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes mails of no sender that are due in each lane from a time on: of the first lane those that
   * have waited longest, and where there are fewer also those of the next, in this order. No other
   * sender, of any instance, takes them until they are settled or the taker's term is over.
   *
   * @param term the taker's
   * @return none if the term is over
   */
  List<DueMail> takeFrom(Map<MailLane, Instant> from, long term, Instant now, int atMost) {
    return take(
        TAKE_FROM,
        (lane, parameters) ->
            parameters.addValue(Objects.requireNonNull(from.get(lane)).atOffset(ZoneOffset.UTC)),
        term,
        now,
        atMost);
  }

  /**
   * Takes mails as {@link #takeFrom} does, whenever they are due, and also those whose takers are
   * gone, and those of this term itself except for what it still has in memory.
   */
  List<DueMail> takeLeft(List<DueMail> inMemory, long term, Instant now, int atMost) {
    return take(
        TAKE_LEFT,
        (lane, parameters) -> {
          parameters.addValue(term);
          parameters.add("uuid", inMemory, DueMail::orderId);
          parameters.add("text", inMemory, DueMail::kind);
        },
        term,
        now,
        atMost);
  }

  private interface LaneParameters {
    void addTo(MailLane lane, ArrayColumns parameters) throws SQLException;
  }

  private List<DueMail> take(
      String statement, LaneParameters which, long term, Instant now, int atMost) {
    return jdbc.query(
        statement,
        prepared -> {
          ArrayColumns parameters = new ArrayColumns(prepared);
          for (MailLane lane : MailLane.values()) {
            parameters.addValue(lane.number());
            parameters.addValue(now.atOffset(ZoneOffset.UTC));
            which.addTo(lane, parameters);
            parameters.addValue(atMost);
          }
          parameters.addValue(term);
          parameters.addValue(MOST_BYTES);
          parameters.addValue(term);
        },
        Mails::due);
  }

  /** Whether it may have been their size that kept others from being taken. */
  static boolean fillMemory(List<DueMail> due) {
    return due.stream().mapToLong(mail -> mail.event().length()).sum() >= MOST_BYTES / 3;
  }

  /**
   * Writes down what became of mails, each by its place: a join would be planned for the empty
   * table of a new installation and kept. It touches only those that still are as they were taken,
   * or are free, because a crash of the database has undone the taking. Of one that was erased
   * meanwhile it notes no more than that it was sent.
   *
   * @return those that were
   */
  List<TakenMail> settle(List<TakenMail> mails) {
    Set<List<Object>> settled =
        Set.copyOf(
            jdbc.query(
                """
                update mail
                set state = o.state, attempts = o.attempts, in_doubt = o.in_doubt,
                    sent_at = coalesce(o.sent_at, mail.sent_at),
                    error = case when o.attempts = mail.attempts then mail.error else o.error end,
                    next_attempt_at = coalesce(o.next_attempt_at, mail.next_attempt_at), taken_by = null
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as o(order_id, kind, taken_by, queued_at, attempts_before, state, attempts, in_doubt,
                      next_attempt_at, sent_at, error)
                cross join lateral (
                  select ctid from mail where order_id = o.order_id and kind = o.kind offset 0
                ) as due
                where mail.ctid = due.ctid and (mail.taken_by = o.taken_by or mail.taken_by is null)
                  and mail.queued_at = o.queued_at and mail.attempts = o.attempts_before
                  and (mail.state = 'QUEUED' or o.state = 'SENT')
                returning mail.order_id, mail.kind
                """,
                statement -> {
                  ArrayColumns columns = new ArrayColumns(statement);
                  columns.add("uuid", mails, m -> m.mail().orderId());
                  columns.add("text", mails, m -> m.mail().kind());
                  columns.add("int8", mails, m -> m.term().id());
                  columns.add("timestamptz", mails, m -> time(m.mail().queuedAt()));
                  columns.add("int4", mails, m -> m.mail().attempts());
                  columns.add("text", mails, m -> m.outcome().state().name());
                  columns.add("int4", mails, m -> m.outcome().attempts());
                  columns.add("bool", mails, m -> m.outcome().inDoubt());
                  columns.add("timestamptz", mails, m -> time(m.outcome().nextAttemptAt()));
                  columns.add("timestamptz", mails, m -> time(m.outcome().sentAt()));
                  columns.add("text", mails, m -> m.outcome().error());
                },
                (row, n) ->
                    List.<Object>of(row.getObject("order_id", UUID.class), row.getString("kind"))));
    return mails.stream()
        .filter(m -> settled.contains(List.<Object>of(m.mail().orderId(), m.mail().kind())))
        .toList();
  }

  /**
   * Makes due what can only have been queued by a clock that was ahead of this one: mails never
   * tried that are not due yet, and those that are due later than after the longest pause.
   */
  int hasten(Instant now, Duration longestPause) {
    return jdbc.update(
        """
        update mail set next_attempt_at = ?
        where ctid = any (array(
          select ctid from mail
          where state = 'QUEUED' and next_attempt_at > ? and (attempts = 0 or next_attempt_at > ?)
          limit ? for update skip locked))
        """,
        time(now),
        time(now),
        time(now.plus(longestPause)),
        HASTENED_AT_ONCE);
  }

  /**
   * Whether an order was cancelled, so that it gets no confirmation. Until the end of the
   * transaction, no cancellation of an order that is known here can begin.
   */
  boolean isOfCancelledOrder(UUID orderId) {
    return jdbc.queryForList(
                "select status from orders where id = ? for share", String.class, orderId)
            .contains(OrderStatus.CANCELLED.name())
        || jdbc.queryForList(
                "select state from mail where order_id = ? and kind = 'CONFIRMATION'",
                String.class,
                orderId)
            .contains("SUPPRESSED");
  }

  /** Queues a confirmation again, if its event is still there. */
  boolean queueAgain(UUID orderId, Instant now) {
    return jdbc.update(
            """
            update mail set state = 'QUEUED', attempts = 0, in_doubt = false, error = null,
                queued_at = ?, next_attempt_at = ?, lane = 0, taken_by = null
            where order_id = ? and kind = 'CONFIRMATION' and event <> '' and state <> 'SUPPRESSED'
            """,
            time(now),
            time(now),
            orderId)
        > 0;
  }

  /**
   * Queues a confirmation that no record asked for, or whose event was emptied: its position is -1.
   */
  void queue(Confirmation confirmation, OrderCompleted event, Instant now) {
    jdbc.update(
        """
        insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
            source_topic, source_partition, source_offset, source_key)
        values (?, 'CONFIRMATION', ?, ?, 'QUEUED', ?, ?, ?, -1, -1, convert_to(?, 'UTF8'))
        on conflict (order_id, kind) do update
        set event = excluded.event, state = 'QUEUED', attempts = 0, in_doubt = false, error = null,
            queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at, lane = 0, taken_by = null
        where mail.state <> 'SUPPRESSED'
        """,
        confirmation.orderId(),
        confirmation.customerId(),
        new String(event.json(), StandardCharsets.UTF_8),
        time(now),
        time(now),
        EventType.ORDER_COMPLETED.topic(),
        confirmation.customerId());
  }

  /**
   * Empties some of the settled mails that are older than this. That an order's mail was sent stays
   * known, so that its event, read once more, does not send it again. Each by its place: how many
   * they are is not known when the statement is planned, and a join would read the whole table.
   */
  int emptySettled(Instant before, int atMost) {
    return jdbc.update(
        """
        update mail set event = '', source_headers = null
        where ctid = any (array(
          select ctid from mail
          where state <> 'QUEUED' and event <> '' and next_attempt_at < ?
          order by next_attempt_at limit ? for update skip locked))
        """,
        time(before),
        atMost);
  }

  /**
   * Locked in the order of time and looked up by their places, so far as their size allows. The
   * commit is not waited for: a taking that a crash of the database undoes has to be repeated
   * anyway.
   */
  private static String take(String free) {
    StringBuilder lanes = new StringBuilder();
    String stillWanted = "?";
    for (MailLane lane : MailLane.values()) {
      lanes.append(
          """
          %s as (
            select ctid, lane, next_attempt_at, octet_length(event) as bytes from mail
            where state = 'QUEUED' and lane = ? and next_attempt_at <= ? and %s
            order by next_attempt_at limit %s for update skip locked
          ),
          """
              .formatted(lane.name(), free, stillWanted));
      stillWanted += " - (select count(*) from " + lane.name() + ")";
    }
    return """
    with %1$s
    measured as (
      select ctid, sum(bytes) over (
        order by %2$s, next_attempt_at, ctid rows between unbounded preceding and 1 preceding) as bytes_before
      from (%3$s) as due
    ),
    taken as (
      update mail set taken_by = ?
      where ctid = any (array(select ctid from measured where coalesce(bytes_before, 0) < ?))
        and exists (select from instance where id = ?)
      returning order_id, kind, event, queued_at, attempts, in_doubt, lane, next_attempt_at,
        source_topic, source_partition, source_offset, source_key, source_headers, sent_at
    )
    select * from taken
    where (select set_config('synchronous_commit', 'off', true)) = 'off'
    order by %2$s, next_attempt_at
    """
        .formatted(
            lanes,
            MailLane.RANK,
            Arrays.stream(MailLane.values())
                .map(lane -> "select * from " + lane.name())
                .collect(Collectors.joining(" union all ")));
  }

  private static DueMail due(ResultSet row, int number) throws SQLException {
    return new DueMail(
        row.getObject("order_id", UUID.class),
        row.getString("kind"),
        row.getString("event"),
        row.getObject("queued_at", OffsetDateTime.class).toInstant(),
        row.getInt("attempts"),
        row.getBoolean("in_doubt"),
        row.getString("source_topic"),
        row.getInt("source_partition"),
        row.getLong("source_offset"),
        row.getBytes("source_key"),
        row.getString("source_headers"),
        MailLane.stored(row.getInt("lane")),
        row.getObject("next_attempt_at", OffsetDateTime.class).toInstant(),
        row.getObject("sent_at") != null);
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
