package orderflow.reconcile;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderConsumers;
import orderflow.consumer.OwedEffect;
import orderflow.order.OrderCompleted;
import orderflow.order.PastOrders;
import orderflow.outbox.EventType;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Orders that lack an effect which was not given up. */
@Repository
class IncompleteOrders {

  private static final String MISSING = SqlFile.read("orders-missing-effects.sql");

  private static final String OWED =
      """
      case when slice.status <> 'CANCELLED' and %1$s
        and not exists (
          select from dead_letter
          where order_id = slice.id and consumer = '%2$s' and state <> 'REPLAYED'
            and partition >= 0 -- not that of a mail about a reversal, which no record asked for
        )
        and not exists (select from discarded_effect where order_id = slice.id and consumer = '%2$s')
      then '%2$s' end""";

  private static final int FIRST_IN_OUTBOX = 1_000;

  private final JdbcTemplate jdbc;
  private final PastOrders orders;
  private final Map<String, OwedEffect> owed = new LinkedHashMap<>();
  private final String missing;

  IncompleteOrders(JdbcTemplate jdbc, PastOrders orders, OrderConsumers consumers) {
    this.jdbc = jdbc;
    this.orders = orders;
    for (OrderConsumer<?> consumer : consumers.all()) {
      consumer.owed().ifPresent(effect -> owed.put(consumer.name(), effect));
    }
    this.missing =
        MISSING.replace(
            "/* owed */",
            owed.entrySet().stream()
                .map(one -> OWED.formatted(one.getValue().missing(), one.getKey()))
                .collect(Collectors.joining(",\n")));
  }

  /**
   * Orders that follow each other, looked through.
   *
   * @param incomplete those among them that lack an effect
   * @param last the last one of them; null if there was none
   */
  record Slice(List<UUID> incomplete, int size, @Nullable UUID last) {}

  /** Looks through the first orders of a range of ids. */
  Slice look(UUID from, UUID before, int atMost) {
    List<Order> looked =
        jdbc.query(
            missing,
            (row, n) -> new Order(row.getObject("id", UUID.class), isIncomplete(row)),
            from,
            before,
            atMost);
    return new Slice(
        looked.stream().filter(Order::incomplete).map(Order::id).toList(),
        looked.size(),
        looked.isEmpty() ? null : looked.get(looked.size() - 1).id());
  }

  private record Order(UUID id, boolean incomplete) {}

  private boolean isIncomplete(ResultSet row) throws SQLException {
    BigDecimal goods = row.getBigDecimal("goods");
    return Arrays.stream((String[]) row.getArray("missing").getArray())
        .anyMatch(consumer -> Objects.requireNonNull(owed.get(consumer)).isOwed().test(goods));
  }

  /**
   * Whether events of orders from before a moment wait to be published, or events that were
   * published again. Records leave in the order of their ids, so the first of each lane say it.
   */
  boolean areWaitingInOutbox(OffsetDateTime before, long publishedUpTo) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select coalesce(bool_or(created_at < ? or id <= ?), false)
            from generate_series(0, 9) as each (lane) cross join lateral (
              select created_at, id from outbox
              where topic = ? and lane = each.lane order by id limit ?
            ) as first
            """,
            Boolean.class,
            before,
            publishedUpTo,
            EventType.ORDER_COMPLETED.topic(),
            FIRST_IN_OUTBOX));
  }

  /**
   * Has an order's event published once more, under the id it had, and returns its place in the
   * outbox; 0 if there is no such order any more.
   */
  long publishAgain(UUID order) {
    return orders.find(order).map(this::publish).orElse(0L);
  }

  private long publish(OrderCompleted event) {
    Long row =
        jdbc.queryForObject(
            "insert into outbox (topic, key, payload, subject, created_at) values (?, ?, ?, ?, ?) returning id",
            Long.class,
            EventType.ORDER_COMPLETED.topic(),
            EventType.key(event.customer().id()),
            event.json(),
            event.orderId(),
            event.completedAt().atOffset(ZoneOffset.UTC));
    return row == null ? 0 : row;
  }
}
