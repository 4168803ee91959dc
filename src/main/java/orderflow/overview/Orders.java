package orderflow.overview;

import java.math.BigDecimal;
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
import orderflow.coupon.CouponRedeemer;
import orderflow.mail.MailQueue;
import orderflow.order.Item;
import orderflow.order.ItemColumns;
import orderflow.order.OrderColumns;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderIds;
import orderflow.order.OrderNumbers;
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
  private static final long LATEST_MILLI = (1L << 48) - 1;

  /**
   * By one index after the other: the planner would read the whole table for a condition with or.
   */
  private static final String KNOWN_BY =
      """
      select id from orders where own_number = ?
      union all select id from orders where made_number = ?
      union all select id from orders where reference = ? and is_known_by_reference\
      """;

  private final JdbcClient jdbc;
  private final EarnRate rate;

  Orders(JdbcClient jdbc, EarnRate rate) {
    this.jdbc = jdbc;
    this.rate = rate;
  }

  public Optional<OrderView> find(UUID id) {
    return jdbc.sql(OVERVIEW).param(id).query((row, n) -> view(row)).optional();
  }

  /**
   * Lists orders, the newest first.
   *
   * @param customerId of this customer alone; null for all
   * @param reference its sender's; null for all
   * @param number that people know it by; null for all
   * @param from inclusive
   * @param to exclusive
   */
  public Page<OrderSummary> list(
      @Nullable String customerId,
      @Nullable String reference,
      @Nullable String number,
      @Nullable Instant from,
      @Nullable Instant to,
      int limit,
      @Nullable String cursor) {
    StringBuilder sql = new StringBuilder("select * from orders where true");
    List<Object> params = new ArrayList<>();
    and(sql, params, "customer_id = ?", customerId);
    and(sql, params, "reference = ?", reference);
    if (number != null) {
      sql.append(" and id = any (array(").append(KNOWN_BY).append("))");
      params.addAll(List.of(number, OrderNumbers.tidy(number), number));
    }
    and(sql, params, "id >= ?", from == null ? null : firstIdOf(from));
    and(sql, params, "id < ?", to == null ? null : firstIdOf(to));
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

  /**
   * Orders' times are whole milliseconds, those of their ids: the first one at or after a moment.
   */
  private static UUID firstIdOf(Instant moment) {
    long milli = moment.minusNanos(1).toEpochMilli() + 1;
    return OrderIds.least(Math.max(0, Math.min(milli, LATEST_MILLI)));
  }

  private OrderView view(ResultSet row) throws SQLException {
    List<Item> items = ItemColumns.read(row);
    OrderCompleted order = OrderColumns.ORDERS.read(row, items);
    return new OrderView(OrderSummary.of(order), items, effects(row, order));
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
      return new Points(Status.DONE, row.getLong("points"), bookedAt);
    }
    long expected = rate.pointsFor(order.paidForGoods());
    return new Points(expected == 0 ? Status.NONE : unfinished(failed), expected, null);
  }

  private static CouponUse coupon(ResultSet row, OrderCompleted order, boolean failed)
      throws SQLException {
    if (order.couponCode() == null) {
      return new CouponUse(Status.NONE, null, null);
    }
    BigDecimal discount = order.couponDiscount();
    Instant usedAt = instant(row, "used_at");
    return new CouponUse(usedAt == null ? unfinished(failed) : Status.DONE, discount, usedAt);
  }

  private static Email email(ResultSet row, OrderCompleted order, boolean failed)
      throws SQLException {
    String state = row.getString("mail_state");
    boolean isToCome = state != null && !state.equals("FAILED");
    if (!isToCome && order.customer().email() == null) {
      return new Email(Status.NONE, 0, null);
    }
    Status status =
        "SENT".equals(state)
            ? Status.DONE
            : unfinished("FAILED".equals(state) || state == null && failed);
    return new Email(status, row.getInt("attempts"), instant(row, "sent_at"));
  }

  private static Status unfinished(boolean failed) {
    return failed ? Status.FAILED : Status.PENDING;
  }

  private static OrderSummary summary(ResultSet row) throws SQLException {
    return OrderSummary.of(OrderColumns.ORDERS.read(row, List.of()));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
