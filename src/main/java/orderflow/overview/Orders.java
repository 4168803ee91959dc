package orderflow.overview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import orderflow.coupon.CouponRedeemer;
import orderflow.mail.MailQueue;
import orderflow.order.Item;
import orderflow.order.ItemColumns;
import orderflow.order.OrderColumns;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderIds;
import orderflow.order.OrderNumbers;
import orderflow.order.OrderStatus;
import orderflow.order.OrderSummary;
import orderflow.overview.Effects.CouponUse;
import orderflow.overview.Effects.Email;
import orderflow.overview.Effects.Points;
import orderflow.overview.Effects.Status;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.jdbc.SqlFile;
import orderflow.point.EarnRate;
import orderflow.point.PointLedger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The orders that were taken, for looking at. */
@Repository
public class Orders {

  private static final String OVERVIEW =
      SqlFile.read("order-overview.sql", Map.of("items", ItemColumns.OF_ORDER));

  /**
   * By one index after the other: the planner would read the whole table for a condition with or.
   */
  private static final String KNOWN_BY =
      """
      select id from orders where own_number = ?
      union all select id from orders where made_number = ?
      union all select id from orders where reference = ? and is_known_by_reference\
      """;

  /**
   * The orders of which something was taken back, the newest first. They are few, and no index of
   * the orders has their state.
   */
  private static final String TAKEN_BACK =
      "(select distinct order_id as id from reversal order by order_id desc) as taken_back"
          + " join orders using (id)";

  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcClient jdbc;
  private final EarnRate rate;

  Orders(JdbcClient jdbc, EarnRate rate) {
    this.jdbc = jdbc;
    this.rate = rate;
  }

  public Optional<OrderView> find(UUID id) {
    return jdbc.sql(OVERVIEW).param(id).query((row, n) -> view(row)).optional();
  }

  /** Lists orders, the newest first. */
  public Page<OrderSummary> list(OrderFilter filter, int limit, @Nullable String cursor) {
    StringBuilder sql = new StringBuilder("select orders.* from ");
    List<Object> params = new ArrayList<>();
    OrderStatus status = filter.status();
    boolean isRare =
        status != null
            && status != OrderStatus.COMPLETED
            && filter.customerId() == null
            && filter.reference() == null
            && filter.number() == null;
    sql.append(isRare ? TAKEN_BACK : "orders").append(" where true");
    and(sql, params, "status = ?", status == null ? null : status.name());
    and(sql, params, "customer_id = ?", filter.customerId());
    and(sql, params, "reference = ?", filter.reference());
    String number = filter.number();
    if (number != null) {
      sql.append(" and id = any (array(").append(KNOWN_BY).append("))");
      params.addAll(List.of(number, OrderNumbers.tidy(number), number));
    }
    and(sql, params, "id >= ?", filter.from() == null ? null : OrderIds.firstOf(filter.from()));
    and(sql, params, "id < ?", filter.to() == null ? null : OrderIds.firstOf(filter.to()));
    and(sql, params, "id < ?", Cursor.read(cursor, UUID::fromString));
    sql.append(" order by id desc limit ").append(limit + 1);
    List<OrderSummary> found =
        jdbc.sql(sql.toString()).params(params).query((row, n) -> summary(row)).list();
    return Page.of(found, limit, OrderSummary::orderId);
  }

  private static void and(
      StringBuilder sql, List<Object> params, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      params.add(value);
    }
  }

  private OrderView view(ResultSet row) throws SQLException {
    List<Item> items = ItemColumns.read(row);
    OrderCompleted order = OrderColumns.ORDERS.read(row, items);
    return new OrderView(
        OrderSummary.of(order, OrderStatus.valueOf(row.getString("status"))),
        row.getInt("version"),
        row.getBigDecimal("refunded").setScale(order.total().scale(), RoundingMode.UNNECESSARY),
        items(row, items),
        effects(row, order),
        reversals(row));
  }

  private static List<OrderView.ItemView> items(ResultSet row, List<Item> items)
      throws SQLException {
    Object[] returned = (Object[]) row.getArray("returned").getArray();
    return IntStream.range(0, items.size())
        .mapToObj(i -> new OrderView.ItemView(items.get(i), (Integer) returned[i]))
        .toList();
  }

  private static JsonNode reversals(ResultSet row) throws SQLException {
    String reversals = row.getString("reversals");
    try {
      return reversals == null ? JSON.createArrayNode() : JSON.readTree(reversals);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("reversals can't be read", e);
    }
  }

  private Effects effects(ResultSet row, OrderCompleted order) throws SQLException {
    List<?> failed = Arrays.asList((Object[]) row.getArray("failed").getArray());
    return new Effects(
        points(row, order, failed.contains(PointLedger.NAME)),
        coupon(row, order, failed.contains(CouponRedeemer.NAME)),
        email(row, order, failed.contains(MailQueue.NAME)));
  }

  private Points points(ResultSet row, OrderCompleted order, boolean failed) throws SQLException {
    Instant bookedAt = instant(row, "booked_at");
    if (bookedAt != null) {
      long points = row.getLong("points");
      long reversed = row.getLong("points_reversed");
      return points == 0
          ? new Points(Status.NONE, 0, null, null)
          : new Points(Status.DONE, points, bookedAt, reversed == 0 ? null : reversed);
    }
    long expected = rate.pointsFor(order.paidForGoods());
    return new Points(expected == 0 ? Status.NONE : unfinished(failed), expected, null, null);
  }

  private static CouponUse coupon(ResultSet row, OrderCompleted order, boolean failed)
      throws SQLException {
    if (order.couponCode() == null) {
      return new CouponUse(Status.NONE, null, null, null);
    }
    BigDecimal discount = order.couponDiscount();
    Instant usedAt = instant(row, "used_at");
    Instant releasedAt = instant(row, "released_at");
    Status status =
        usedAt != null ? Status.DONE : releasedAt != null ? Status.NONE : unfinished(failed);
    return new CouponUse(status, discount, usedAt, releasedAt);
  }

  private static Email email(ResultSet row, OrderCompleted order, boolean failed)
      throws SQLException {
    String state = row.getString("mail_state");
    if ("SUPPRESSED".equals(state)) {
      return new Email(Status.NONE, row.getInt("attempts"), null, true);
    }
    boolean isToCome = state != null && !state.equals("FAILED");
    if (!isToCome && order.customer().email() == null) {
      return new Email(Status.NONE, 0, null, null);
    }
    Status status =
        "SENT".equals(state)
            ? Status.DONE
            : unfinished("FAILED".equals(state) || state == null && failed);
    return new Email(status, row.getInt("attempts"), instant(row, "sent_at"), null);
  }

  private static Status unfinished(boolean failed) {
    return failed ? Status.FAILED : Status.PENDING;
  }

  private static OrderSummary summary(ResultSet row) throws SQLException {
    return OrderSummary.of(
        OrderColumns.ORDERS.read(row, List.of()), OrderStatus.valueOf(row.getString("status")));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
