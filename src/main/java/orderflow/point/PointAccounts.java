package orderflow.point;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Customers' balances and what they are made of. */
@Repository
public class PointAccounts {

  /** Points booked for an order. */
  public record Entry(UUID orderId, long points, Instant at) {}

  /** A customer's points, with one page of their entries. */
  public record Account(
      String customerId, long balance, List<Entry> entries, @Nullable String next) {}

  private record Position(Instant at, UUID orderId) {

    static Position parse(String text) {
      int middle = text.indexOf('/');
      return new Position(
          Cursor.time(text.substring(0, middle)), UUID.fromString(text.substring(middle + 1)));
    }

    @Override
    public String toString() {
      return at + "/" + orderId;
    }
  }

  private final JdbcClient jdbc;

  PointAccounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The account with its entries, the newest first. A customer never seen has an empty one. */
  public Account find(String customerId, int limit, @Nullable String cursor) {
    Position after = Cursor.read(cursor, Position::parse);
    long balance =
        jdbc.sql("select balance from point_balance where customer_id = ?")
            .param(customerId)
            .query(Long.class)
            .optional()
            .orElse(0L);
    List<Entry> found =
        jdbc.sql(
                """
                select order_id, points, booked_at from point_entry
                where customer_id = :customer and points > 0 and (booked_at, order_id) < (:at, :order)
                order by booked_at desc, order_id desc limit :limit
                """)
            .param("customer", customerId)
            .param("at", after == null ? OffsetDateTime.MAX : after.at().atOffset(ZoneOffset.UTC))
            .param("order", after == null ? new UUID(0, 0) : after.orderId())
            .param("limit", limit + 1)
            .query(
                (row, n) ->
                    new Entry(
                        row.getObject("order_id", UUID.class),
                        row.getLong("points"),
                        row.getObject("booked_at", OffsetDateTime.class).toInstant()))
            .list();
    Page<Entry> page = Page.of(found, limit, entry -> new Position(entry.at(), entry.orderId()));
    return new Account(customerId, balance, page.entries(), page.next());
  }
}
