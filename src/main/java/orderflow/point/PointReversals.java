package orderflow.point;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.Updates;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Takes back points that orders had earned. It writes an order's entry first and its customer's
 * balance then, as the point consumer does.
 */
@Repository
public class PointReversals {

  private final JdbcTemplate jdbc;
  private final Updates updates;
  private final EarnRate rate;

  PointReversals(JdbcTemplate jdbc, Updates updates, EarnRate rate) {
    this.jdbc = jdbc;
    this.updates = updates;
    this.rate = rate;
  }

  /**
   * An order's entry.
   *
   * @param rate it was booked by; null for one that an older version booked
   * @param isNew whether it was booked just now, so that nothing comes of the order's event
   */
  public record Booked(long points, @Nullable BigDecimal rate, boolean isNew) {

    /**
     * What an order keeps of its points.
     *
     * @param paid what was paid for its goods
     * @param left of that, after what is taken back
     */
    public long keeps(BigDecimal paid, BigDecimal left) {
      if (left.signum() <= 0 || points == 0) {
        return 0;
      }
      BigDecimal kept =
          rate != null
              ? left.multiply(rate).setScale(0, RoundingMode.FLOOR)
              : left.multiply(BigDecimal.valueOf(points)).divide(paid, 0, RoundingMode.FLOOR);
      return Math.min(points, kept.longValueExact());
    }
  }

  /**
   * A customer's points after a change.
   *
   * @param reversed by how much less they are, debts included
   * @param debt the part that the customer had not any more
   * @param balance what can be spent
   * @param allDebt all debts of the customer
   */
  public record Change(long reversed, long debt, long balance, long allDebt) {}

  /** The entries that orders have already, which do not change any more. */
  public Map<UUID, Booked> booked(Collection<UUID> orderIds) {
    Map<UUID, Booked> booked = new HashMap<>();
    jdbc.query(
        "select order_id, points, earn_rate from point_entry where order_id = any (?)",
        statement -> new ArrayColumns(statement).add("uuid", List.copyOf(orderIds), id -> id),
        row -> {
          booked.put(
              row.getObject("order_id", UUID.class),
              new Booked(row.getLong("points"), row.getBigDecimal("earn_rate"), false));
        });
    return booked;
  }

  /**
   * The entry of an order. Where there is none, it is booked now, so that the order's event finds
   * it: with what is left of the order, which is all that it will earn.
   *
   * <p>A statement that waits for an entry does not see it, as its snapshot is older; the one after
   * it does.
   *
   * @param left what was paid for the goods that are not taken back
   */
  public Booked claim(UUID orderId, String customerId, BigDecimal left, Instant now) {
    long points = rate.pointsFor(left.max(BigDecimal.ZERO));
    int booked =
        jdbc.update(
            """
            insert into point_entry (order_id, customer_id, points, booked_at, earn_rate)
            values (?, ?, ?, ?, ?) on conflict (order_id) do nothing
            """,
            orderId,
            customerId,
            points,
            now.atOffset(ZoneOffset.UTC),
            rate.earnRate());
    if (booked == 0) {
      return Objects.requireNonNull(booked(List.of(orderId)).get(orderId));
    }
    if (points > 0) {
      jdbc.update(
          """
          insert into point_balance (customer_id, balance) values (?, ?)
          on conflict (customer_id) do update set balance = point_balance.balance + excluded.balance
          """,
          customerId,
          points);
    }
    return new Booked(points, rate.earnRate(), true);
  }

  /**
   * Takes points back.
   *
   * @param forgive takes no more than there are; else the rest is a debt
   */
  public Change takeBack(
      UUID reversalId, UUID orderId, String customerId, long points, boolean forgive, Instant now) {
    long[] known =
        jdbc.queryForObject(
            "select balance, debt from point_balance where customer_id = ? for update",
            (row, n) -> new long[] {row.getLong("balance"), row.getLong("debt")},
            customerId);
    long had = Math.max(0, known[0]);
    long missing = Math.max(0, points - had);
    long debt = forgive ? 0 : missing;
    long reversed = forgive ? points - missing : points;
    Change change = new Change(reversed, debt, known[0] - (points - missing), known[1] + debt);
    if (reversed > 0) {
      jdbc.update(
          "update point_balance set balance = ?, debt = ? where customer_id = ?",
          change.balance,
          change.allDebt,
          customerId);
      updates.update(
          """
          insert into point_reversal (reversal_id, order_id, customer_id, points, reversed_at)
          values (?, ?, ?, ?, ?)
          """,
          reversalId,
          orderId,
          customerId,
          reversed,
          now.atOffset(ZoneOffset.UTC));
    }
    return change;
  }

  /** Whose points an order's entry is about. */
  public String customerOf(UUID orderId) {
    return jdbc.queryForObject(
        "select customer_id from point_entry where order_id = ?", String.class, orderId);
  }

  /** The points that were taken back of an order so far. */
  public long reversedOf(UUID orderId) {
    Long sum =
        jdbc.queryForObject(
            "select coalesce(sum(points), 0) from point_reversal where order_id = ?",
            Long.class,
            orderId);
    return sum == null ? 0 : sum;
  }
}
