package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import orderflow.order.Money;
import orderflow.order.OrderColumns;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderStatus;
import orderflow.outbox.EventType;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.Updates;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.stereotype.Repository;

/** The tables of reversals, and what they change of their orders. */
@Repository
class ReversalRows {

  private final JdbcTemplate jdbc;
  private final Updates updates;

  ReversalRows(JdbcTemplate jdbc, Updates updates) {
    this.jdbc = jdbc;
    this.updates = updates;
  }

  /**
   * A reversal that is there already.
   *
   * @param fingerprint empty where it was erased; its reference then stands for any content
   */
  record Known(UUID id, byte[] fingerprint, JsonNode plan) {

    boolean isOf(ReversalRequest request) {
      return fingerprint.length == 0
          || Arrays.equals(fingerprint, ReversalJson.fingerprint(request));
    }
  }

  private record Head(OrderCompleted order, OrderStatus status, int version, BigDecimal refunded) {

    UUID id() {
      return order.orderId();
    }
  }

  private record Sums(BigDecimal charges, BigDecimal unearned, BigDecimal withheld, long points) {}

  /** Locks an order for the rest of the transaction; null if there is none of this id. */
  @Nullable OrderToReverse lock(UUID orderId) {
    return lockAll(List.of(orderId)).get(orderId);
  }

  /**
   * Locks orders for the rest of the transaction, in the order of their ids.
   *
   * @return those that there are
   */
  Map<UUID, OrderToReverse> lockAll(Collection<UUID> orderIds) {
    List<Head> heads =
        jdbc.query(
            "select * from orders where id = any (?) order by id for update",
            ids(orderIds),
            ReversalRows::head);
    Map<UUID, List<OrderToReverse.Line>> lines = lines(heads.stream().map(Head::id).toList());
    Map<UUID, Sums> sums =
        sums(heads.stream().filter(head -> head.version > 1).map(Head::id).toList());
    Map<UUID, OrderToReverse> orders = new HashMap<>();
    for (Head head : heads) {
      Sums before = sums.getOrDefault(head.id(), none(head));
      orders.put(
          head.id(),
          new OrderToReverse(
              head.order,
              head.status,
              head.version,
              lines.getOrDefault(head.id(), List.of()),
              head.refunded,
              before.charges,
              before.unearned,
              before.withheld,
              before.points));
    }
    return orders;
  }

  private Map<UUID, List<OrderToReverse.Line>> lines(List<UUID> orderIds) {
    Map<UUID, List<OrderToReverse.Line>> lines = new HashMap<>();
    jdbc.query(
        "select * from order_item where order_id = any (?) order by order_id, position",
        ids(orderIds),
        row -> {
          lines
              .computeIfAbsent(row.getObject("order_id", UUID.class), id -> new ArrayList<>())
              .add(line(row));
        });
    return lines;
  }

  private static PreparedStatementSetter ids(Collection<UUID> orderIds) {
    return statement ->
        new ArrayColumns(statement).add("uuid", List.copyOf(orderIds), orderId -> orderId);
  }

  private static Sums none(Head head) {
    BigDecimal zero = Money.zero(Currency.getInstance(head.order.currency()));
    return new Sums(zero, zero, zero, 0);
  }

  private Map<UUID, Sums> sums(List<UUID> orderIds) {
    Map<UUID, Sums> sums = new HashMap<>();
    if (orderIds.isEmpty()) {
      return sums;
    }
    jdbc.query(
        """
        select order_id, sum(charges) as charges, sum(unearned) as unearned, sum(points) as points,
          (array_agg(withheld order by order_version desc))[1] as withheld
        from reversal where order_id = any (?) group by order_id
        """,
        ids(orderIds),
        row -> {
          sums.put(
              row.getObject("order_id", UUID.class),
              new Sums(
                  row.getBigDecimal("charges"),
                  row.getBigDecimal("unearned"),
                  row.getBigDecimal("withheld"),
                  row.getLong("points")));
        });
    return sums;
  }

  @Nullable Known find(UUID orderId, String reference) {
    return jdbc
        .query(
            "select id, fingerprint, plan from reversal where order_id = ? and reference = ?",
            (row, n) ->
                new Known(
                    row.getObject("id", UUID.class),
                    row.getBytes("fingerprint"),
                    ReversalJson.read(row.getString("plan"))),
            orderId,
            reference)
        .stream()
        .findFirst()
        .orElse(null);
  }

  /** Those of these ids that are reversals. */
  Set<UUID> among(List<UUID> ids) {
    return ids.isEmpty()
        ? Set.of()
        : Set.copyOf(
            jdbc.queryForList(
                "select id from reversal where id = any (?)",
                UUID.class,
                (Object) ids.toArray(UUID[]::new)));
  }

  /** Whether all of an order has been returned. */
  boolean isReturned(UUID orderId) {
    return jdbc.queryForList("select status from orders where id = ?", String.class, orderId)
        .contains(OrderStatus.RETURNED.name());
  }

  /**
   * Writes the cancellation of an order that is not here. All cancellations of one wait for each
   * other here.
   *
   * @return false if it is cancelled already
   */
  boolean writeForeign(UUID id, ReversalEvent event, String customer, String plan, Instant now) {
    return jdbc.update(
            """
            insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency,
              refund, refund_state, has_slots, plan, reason, actor, created_at)
            values (?, ?, 2, ?, ?, ?, ?, ?, ?, ?, true, ?, ?, ?, ?)
            on conflict do nothing
            """,
            id,
            event.orderId(),
            event.request().kind().name(),
            event.reference(),
            ReversalJson.fingerprint(event.request()),
            customer,
            event.currencyCode(),
            event.refund(),
            RefundState.NONE.name(),
            plan,
            String.valueOf(event.request().reason()),
            event.topic(),
            now.atOffset(ZoneOffset.UTC))
        == 1;
  }

  /** Completes what was written first, when it has been seen what there was to take back. */
  void complete(UUID id, String plan, long points) {
    jdbc.update("update reversal set plan = ?, points = ? where id = ?", plan, points, id);
  }

  /** Writes a reversal and how its order stands after it. */
  void write(
      OrderToReverse order,
      ReversalRequest request,
      RefundDecision decision,
      ReversalPlan plan,
      JsonNode json,
      Reversals.Command command,
      Instant now) {
    UUID orderId = order.order().orderId();
    updates.update(
        """
        insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency,
          refund, charges, unearned, withheld, points, refund_state, plan, reason, note, actor, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        plan.reversalId(),
        orderId,
        plan.order().version(),
        request.kind().name(),
        command.reference(),
        ReversalJson.fingerprint(request),
        order.order().customer().id(),
        order.order().currency(),
        decision.refund(),
        decision.charges(),
        decision.unearned(),
        decision.withheld(),
        plan.points().reversed(),
        plan.refund().state().name(),
        json.toString(),
        request.reason() == null ? null : request.reason().name(),
        request.note() == null ? request.why() : request.note(),
        command.actor().name(),
        now.atOffset(ZoneOffset.UTC));
    updates.update(
        "update orders set status = ?, version = ?, refunded = refunded + ? where id = ?",
        plan.order().status().name(),
        plan.order().version(),
        decision.refund(),
        orderId);
    if (!plan.items().isEmpty()) {
      writeItems(orderId, plan);
    }
    if (decision.status() == OrderStatus.CANCELLED) {
      discardDeadLetters(orderId, now);
    }
  }

  /** What consumers have given up of an order is not to come any more. */
  void discardDeadLetters(UUID orderId, Instant now) {
    jdbc.update(
        """
        update dead_letter set state = 'DISCARDED', replay_due_at = null, replay_until = null, settled_at = ?
        where order_id = ? and state = 'WAITING' and topic = ?
        """,
        now.atOffset(ZoneOffset.UTC),
        orderId,
        EventType.ORDER_COMPLETED.topic());
  }

  private void writeItems(UUID orderId, ReversalPlan plan) {
    updates.update(
        """
        with given as (select * from unnest(?, ?, ?) as given (position, quantity, refund)),
        counted as (
          update order_item set returned = returned + given.quantity from given
          where order_item.order_id = ? and order_item.position = given.position
        )
        insert into reversal_item (reversal_id, position, quantity, refund)
        select ?, position, quantity, refund from given
        """,
        statement -> {
          ArrayColumns columns = new ArrayColumns(statement);
          columns.add("int2", plan.items(), item -> (short) item.position());
          columns.add("int4", plan.items(), ReversalPlan.Item::quantity);
          columns.add("numeric", plan.items(), ReversalPlan.Item::refund);
          columns.addValue(orderId);
          columns.addValue(Objects.requireNonNull(plan.reversalId()));
        });
  }

  private static Head head(ResultSet row, int n) throws SQLException {
    return new Head(
        OrderColumns.ORDERS.read(row, List.of()),
        OrderStatus.valueOf(row.getString("status")),
        row.getInt("version"),
        row.getBigDecimal("refunded"));
  }

  private static OrderToReverse.Line line(ResultSet row) throws SQLException {
    String sku = row.getString("sku");
    return new OrderToReverse.Line(
        sku.isEmpty() ? null : sku,
        row.getString("name"),
        row.getInt("quantity"),
        row.getInt("returned"),
        row.getBigDecimal("unit_price"));
  }
}
