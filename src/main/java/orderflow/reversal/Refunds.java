package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.order.OrderIds;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Reversals for looking at, and what the payment system reports of their refunds. */
@Service
public class Refunds {

  private final JdbcClient jdbc;
  private final OperatorActions actions;
  private final Clock clock;

  Refunds(JdbcClient jdbc, OperatorActions actions, Clock clock) {
    this.jdbc = jdbc;
    this.actions = actions;
    this.clock = clock;
  }

  private record Listed(UUID id, JsonNode plan) {}

  /** What became of a report. */
  public enum Result {
    NOTED,
    UNKNOWN,
    /** Nothing is to be refunded, or it was settled otherwise. */
    SETTLED
  }

  /**
   * What became of a payment.
   *
   * @param reference the payment's
   * @param at when it happened; null for now
   */
  public record Report(
      RefundState state,
      @Nullable String reference,
      @Nullable Instant at,
      @Nullable String detail) {}

  public Optional<JsonNode> find(UUID id) {
    return jdbc.sql("select * from reversal where id = ?")
        .param(id)
        .query((row, n) -> reversal(row))
        .optional();
  }

  /** The reversals of an order, the first one first; empty if there is no such order. */
  public Optional<List<JsonNode>> ofOrder(UUID orderId) {
    List<JsonNode> found =
        jdbc.sql("select * from reversal where order_id = ? order by order_version")
            .param(orderId)
            .query((row, n) -> reversal(row))
            .list();
    boolean isKnown =
        !found.isEmpty()
            || jdbc.sql("select exists (select from orders where id = ?)")
                .param(orderId)
                .query(Boolean.class)
                .single();
    return isKnown ? Optional.of(found) : Optional.empty();
  }

  /**
   * Lists reversals, the newest first.
   *
   * @param state of their refunds; null for all
   * @param from of their creation, inclusive
   * @param to exclusive
   */
  public Page<JsonNode> list(
      @Nullable RefundState state,
      @Nullable Instant from,
      @Nullable Instant to,
      int limit,
      @Nullable String cursor) {
    StringBuilder sql = new StringBuilder("select * from reversal where true");
    List<Object> parameters = new ArrayList<>();
    if (state != null) {
      sql.append(" and refund_state = ?");
      parameters.add(state.name());
    }
    if (from != null) {
      sql.append(" and id >= ?");
      parameters.add(OrderIds.firstOf(from));
    }
    if (to != null) {
      sql.append(" and id < ?");
      parameters.add(OrderIds.firstOf(to));
    }
    UUID before = Cursor.read(cursor, UUID::fromString);
    if (before != null) {
      sql.append(" and id < ?");
      parameters.add(before);
    }
    // As the index has them where a state is given; else the primary key serves.
    sql.append(state == null ? " order by id desc" : " order by refund_state desc, id desc");
    sql.append(" limit ").append(limit + 1);
    Page<Listed> page =
        Page.of(
            jdbc.sql(sql.toString())
                .params(parameters)
                .query((row, n) -> new Listed(row.getObject("id", UUID.class), reversal(row)))
                .list(),
            limit,
            Listed::id);
    return new Page<>(page.entries().stream().map(Listed::plan).toList(), page.next());
  }

  /**
   * Notes what became of a payment. The same report twice is one. A payment that failed may be
   * reported as due again, or as settled or failed once more.
   */
  @Transactional
  public Result report(UUID id, Report report, Actor by) {
    return jdbc.sql("select * from reversal where id = ? for update")
        .param(id)
        .query((row, n) -> note(row, id, report, by))
        .optional()
        .orElse(Result.UNKNOWN);
  }

  private Result note(ResultSet row, UUID id, Report report, Actor by) throws SQLException {
    RefundState state = RefundState.valueOf(row.getString("refund_state"));
    String reference = row.getString("refund_reference");
    boolean isSame =
        state == report.state
            && (reference == null ? "" : reference)
                .equals(report.reference == null ? "" : report.reference);
    if (isSame) {
      return Result.NOTED;
    }
    boolean isOpen = state == RefundState.DUE || state == RefundState.FAILED;
    if (!isOpen) {
      return Result.SETTLED;
    }
    Instant at = report.at == null ? clock.instant() : report.at;
    jdbc.sql(
            """
            update reversal set refund_state = ?, refund_reference = ?, refund_at = ?, refund_detail = ? where id = ?
            """)
        .params(
            report.state.name(), report.reference, at.atOffset(ZoneOffset.UTC), report.detail, id)
        .update();
    actions.record(by, Action.REPORT_REFUND, id, Map.of("state", report.state.name()));
    return Result.NOTED;
  }

  private static JsonNode reversal(ResultSet row) throws SQLException {
    OffsetDateTime at = row.getObject("refund_at", OffsetDateTime.class);
    return ReversalJson.withRefund(
        row.getString("plan"),
        RefundState.valueOf(row.getString("refund_state")),
        row.getString("refund_reference"),
        at == null ? null : at.toInstant(),
        row.getString("refund_detail"));
  }
}
