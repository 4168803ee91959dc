package orderflow.point;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.jdbc.SqlFile;
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

  /** How points come and go. */
  public enum Kind {
    /** Booked for an order. */
    EARN,
    /** Taken back, since an order was cancelled or items were returned. */
    REVERSE
  }

  /**
   * A movement of points.
   *
   * @param points signed
   * @param reversalId null for what was earned
   */
  public record Movement(
      Instant at, Kind kind, long points, UUID orderId, @Nullable UUID reversalId) {

    private Position position() {
      return new Position(at, reversalId == null ? orderId : reversalId);
    }
  }

  /** A customer's points, with one page of their movements. */
  public record Ledger(
      String customerId, long balance, List<Movement> entries, @Nullable String next) {}

  /**
   * A place in a list.
   *
   * @param id of what stands there
   */
  private record Position(Instant at, UUID id) {

    static final Position END = new Position(Instant.MAX, new UUID(0, 0));

    static Position parse(String text) {
      int middle = text.indexOf('/');
      return new Position(
          Cursor.time(text.substring(0, middle)), UUID.fromString(text.substring(middle + 1)));
    }

    OffsetDateTime time() {
      return this == END ? OffsetDateTime.MAX : at.atOffset(ZoneOffset.UTC);
    }

    @Override
    public String toString() {
      return at + "/" + id;
    }
  }

  private static final String MOVEMENTS = SqlFile.read("point-movements.sql");

  private final JdbcClient jdbc;

  PointAccounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The account with its entries, the newest first. A customer never seen has an empty one. */
  public Account find(String customerId, int limit, @Nullable String cursor) {
    Position before = before(cursor);
    long balance = balance(customerId);
    List<Entry> found =
        jdbc.sql(
                """
                select order_id, points, booked_at from point_entry
                where customer_id = :customer and points > 0 and (booked_at, order_id) < (:at, :id)
                order by booked_at desc, order_id desc limit :limit
                """)
            .param("customer", customerId)
            .param("at", before.time())
            .param("id", before.id())
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

  /**
   * All movements of a customer's points, the newest first: each list by its index, no further than
   * the page.
   */
  public Ledger ledger(String customerId, int limit, @Nullable String cursor) {
    Position before = before(cursor);
    long balance = balance(customerId);
    List<Movement> found =
        jdbc.sql(MOVEMENTS)
            .param("customer", customerId)
            .param("at", before.time())
            .param("id", before.id())
            .param("limit", limit + 1)
            .query(
                (row, n) ->
                    new Movement(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        Kind.valueOf(row.getString("kind")),
                        row.getLong("points"),
                        row.getObject("order_id", UUID.class),
                        row.getObject("reversal_id", UUID.class)))
            .list();
    Page<Movement> page = Page.of(found, limit, Movement::position);
    return new Ledger(customerId, balance, page.entries(), page.next());
  }

  private static Position before(@Nullable String cursor) {
    Position before = Cursor.read(cursor, Position::parse);
    return before == null ? Position.END : before;
  }

  private long balance(String customerId) {
    return jdbc.sql("select balance from point_balance where customer_id = ?")
        .param(customerId)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }
}
