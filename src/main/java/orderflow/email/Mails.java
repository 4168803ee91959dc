package orderflow.email;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import orderflow.event.OrderCompleted;
import orderflow.outbox.Lane;
import orderflow.sql.ArrayColumns;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table of mails, queued and settled. */
@Repository
class Mails {

  /** A round's mails are in memory several times; no more are taken after so many bytes. */
  static final int MOST_BYTES = 1 << 20;

  static final String ERASED = "personal data erased";

  private final JdbcTemplate jdbc;

  Mails(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The live ones that have waited longest, and where there are fewer also bulk ones, locked for
   * the running transaction; others' are passed over.
   */
  List<DueMail> due(Instant now, int atMost) {
    List<DueMail> due = new ArrayList<>(due(Lane.LIVE, now, atMost));
    if (due.size() < atMost) {
      due.addAll(due(Lane.BULK, now, atMost - due.size()));
    }
    return due;
  }

  /** Whether it may have been their size that kept others from being taken. */
  static boolean fillMemory(List<DueMail> due) {
    return due.stream().mapToLong(mail -> mail.event().length()).sum() >= MOST_BYTES / 3;
  }

  /** Locked in the order of time and looked up by their places, so far as their size allows. */
  private List<DueMail> due(Lane lane, Instant now, int atMost) {
    return jdbc.query(
        """
        with due as (
          select ctid, next_attempt_at, octet_length(event) as bytes from mail
          where state = 'QUEUED' and lane = ? and next_attempt_at <= ?
          order by next_attempt_at limit ? for update skip locked
        ),
        measured as (
          select ctid, sum(bytes) over (
            order by next_attempt_at, ctid rows between unbounded preceding and 1 preceding) as bytes_before
          from due
        )
        select * from mail
        where ctid = any (array(select ctid from measured where coalesce(bytes_before, 0) < ?))
        order by next_attempt_at
        """,
        Mails::due,
        lane.number(),
        time(now),
        atMost,
        MOST_BYTES);
  }

  /**
   * Writes down what became of due mails, each by its place: a join would be planned for the empty
   * table of a new installation and kept.
   */
  void settle(List<Outcome> outcomes) {
    jdbc.execute(
        """
        update mail
        set state = o.state, attempts = o.attempts, in_doubt = o.in_doubt, sent_at = o.sent_at, error = o.error,
            next_attempt_at = coalesce(o.next_attempt_at, mail.next_attempt_at)
        from unnest(?, ?, ?, ?, ?, ?, ?, ?)
            as o(order_id, kind, state, attempts, in_doubt, next_attempt_at, sent_at, error)
        cross join lateral (
          select ctid from mail where order_id = o.order_id and kind = o.kind offset 0
        ) as due
        where mail.ctid = due.ctid
        """,
        (PreparedStatement statement) -> {
          ArrayColumns columns = new ArrayColumns(statement);
          columns.add("uuid", outcomes, o -> o.mail().orderId());
          columns.add("text", outcomes, o -> o.mail().kind());
          columns.add("text", outcomes, o -> o.state().name());
          columns.add("int4", outcomes, Outcome::attempts);
          columns.add("bool", outcomes, Outcome::inDoubt);
          columns.add("timestamptz", outcomes, o -> time(o.nextAttemptAt()));
          columns.add("timestamptz", outcomes, o -> time(o.sentAt()));
          columns.add("text", outcomes, Outcome::error);
          return statement.executeUpdate();
        });
  }

  /**
   * Makes due what can only have been queued by a clock that was ahead of this one: mails never
   * tried that are not due yet, and those that are due later than after the longest pause.
   */
  int hasten(Instant now, Duration longestPause) {
    return jdbc.update(
        """
        update mail set next_attempt_at = ?
        where state = 'QUEUED' and next_attempt_at > ? and (attempts = 0 or next_attempt_at > ?)
        """,
        time(now),
        time(now),
        time(now.plus(longestPause)));
  }

  /** Queues a confirmation again, if its event is still there. */
  boolean queueAgain(UUID orderId, Instant now) {
    return jdbc.update(
            """
        update mail set state = 'QUEUED', attempts = 0, in_doubt = false, error = null, sent_at = null,
            queued_at = ?, next_attempt_at = ?, lane = 0
        where order_id = ? and kind = 'CONFIRMATION' and event <> ''
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
        set event = excluded.event, state = 'QUEUED', attempts = 0, in_doubt = false, error = null, sent_at = null,
            queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at, lane = 0
        """,
        confirmation.orderId(),
        confirmation.customerId(),
        new String(event.json(), StandardCharsets.UTF_8),
        time(now),
        time(now),
        OrderCompleted.TOPIC,
        confirmation.customerId());
  }

  /** Empties a customer's mails of what they say; those still queued are not sent any more. */
  void erase(String customerId) {
    jdbc.update(
        """
        update mail
        set event = '', source_headers = null,
            state = case state when 'QUEUED' then 'FAILED' else state end,
            error = case state when 'SENT' then error else ? end
        where customer_id = ?
        """,
        ERASED,
        customerId);
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
        row.getString("source_headers"));
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
