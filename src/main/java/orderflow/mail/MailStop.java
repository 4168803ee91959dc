package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.consumer.EventJson;
import orderflow.outbox.EventType;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.jdbc.Updates;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Keeps confirmations of reversed orders from being sent, and queues the mails about reversals. */
@Repository
public class MailStop {

  /** The mail about a cancellation. */
  public static final String ORDER_CANCELLED = "ORDER_CANCELLED";

  /** The mail about a return, with the version of the order that it led to. */
  public static final String RETURN_RECEIPT = "RETURN_RECEIPT";

  /** The header by which the replay of a dead letter finds which mail it is about. */
  static final String KIND_HEADER = "orderflow-mail";

  private final JdbcTemplate jdbc;
  private final Updates updates;
  private final MailSender sender;

  MailStop(JdbcTemplate jdbc, Updates updates, MailSender sender) {
    this.jdbc = jdbc;
    this.updates = updates;
    this.sender = sender;
  }

  /** How far an order's confirmation had come. */
  public enum Confirmation {
    /** It was not sent and never will be. */
    SUPPRESSED,
    /** It was sent, or may have been. */
    GONE
  }

  /**
   * Keeps an order's confirmation from being sent. One that is being sent just now may still reach
   * the customer, but is not tried again. A confirmation that is yet to be queued finds its place
   * taken.
   */
  public Confirmation suppressConfirmation(UUID orderId, String customerId, Instant now) {
    int placeTaken =
        jdbc.update(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
                source_topic, source_partition, source_offset)
            values (?, 'CONFIRMATION', ?, '', 'SUPPRESSED', ?, ?, ?, -1, -1)
            on conflict (order_id, kind) do nothing
            """,
            orderId,
            customerId,
            now.atOffset(ZoneOffset.UTC),
            now.atOffset(ZoneOffset.UTC),
            EventType.ORDER_COMPLETED.topic());
    if (placeTaken == 1) {
      return Confirmation.SUPPRESSED;
    }
    List<Boolean> untouched =
        jdbc.query(
            """
            update mail set state = 'SUPPRESSED', event = '', source_headers = null
            where order_id = ? and kind = 'CONFIRMATION' and state in ('QUEUED', 'FAILED')
            returning taken_by is null and not in_doubt as untouched
            """,
            (row, n) -> row.getBoolean("untouched"),
            orderId);
    boolean isSuppressed = untouched.isEmpty() ? isSuppressed(orderId) : untouched.get(0);
    return isSuppressed ? Confirmation.SUPPRESSED : Confirmation.GONE;
  }

  private boolean isSuppressed(UUID orderId) {
    return jdbc.queryForList(
            "select state from mail where order_id = ? and kind = 'CONFIRMATION'",
            String.class,
            orderId)
        .contains("SUPPRESSED");
  }

  /** The event of an order as its confirmation has it; null if there is none any more. */
  public @Nullable String eventOf(UUID orderId) {
    return jdbc
        .queryForList(
            "select event from mail where order_id = ? and kind = 'CONFIRMATION' and event <> ''",
            String.class,
            orderId)
        .stream()
        .findFirst()
        .orElse(null);
  }

  /**
   * Queues the mail about a reversal, unless the customer's data was erased after the order. Call
   * {@link #wake} when the transaction has been committed.
   *
   * @param kind {@link #ORDER_CANCELLED}, or {@link #RETURN_RECEIPT} with {@code /} and the order's
   *     version
   */
  public void queue(String kind, EventType about, ReversalNotice notice, Instant now) {
    updates.update(
        """
        insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at,
            source_topic, source_partition, source_offset, source_key, source_headers, lane)
        select ?, ?, ?, ?, 'QUEUED', ?, ?, ?, -1, -1, convert_to(?, 'UTF8'), ?, ?
        where not exists (select from erased_customer where customer_id = ? and at >= ?)
        on conflict (order_id, kind) do nothing
        """,
        notice.orderId(),
        kind,
        notice.customer().id(),
        EventJson.json(notice),
        now.atOffset(ZoneOffset.UTC),
        now.atOffset(ZoneOffset.UTC),
        about.topic(),
        notice.customer().id(),
        RecordHeaders.json(Map.of(KIND_HEADER, kind.getBytes(StandardCharsets.UTF_8))),
        MailLane.REVERSAL.number(),
        notice.customer().id(),
        notice.completedAt().atOffset(ZoneOffset.UTC));
  }

  /** There are mails to send now. */
  public void wake() {
    sender.wake();
  }

  /** There will be when the transaction at hand has been committed. */
  public void wakeAfterCommit() {
    AfterCommit.run(this::wake);
  }
}
