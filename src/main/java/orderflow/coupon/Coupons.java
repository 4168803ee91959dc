package orderflow.coupon;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import orderflow.outbox.EventType;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The coupons there are. */
@Repository
public class Coupons {

  /** By name: a later version's column would break a statement that is prepared for all of them. */
  private static final String COLUMNS =
      """
      code, discount_type, discount_value, currency, customer_id, minimum_order_total, maximum_discount,
      valid_from, valid_until, usage_limit, per_customer_limit, enabled, reserved, used, created_at\
      """;

  private static final String USE_UNRESERVED = SqlFile.read("use-unreserved-coupons.sql");

  private static final Logger log = LoggerFactory.getLogger(Coupons.class);

  /** So many are named in the log, each once. */
  private static final int MOST_UNREADABLE = 100;

  /** As {@link Coupon#statusAt} has it. */
  private static final String IS_OF_STATUS =
      """
      case
        when not enabled then 'DISABLED'
        when valid_until <= ?::timestamptz then 'EXPIRED'
        when valid_from > ?::timestamptz then 'SCHEDULED'
        when reserved + used >= usage_limit then 'EXHAUSTED'
        else 'ACTIVE' end = ?\
      """;

  private final JdbcTemplate jdbc;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  Coupons(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds a coupon; false if there is one of its code. */
  boolean add(Coupon coupon, Instant now) {
    Currency currency = coupon.currency();
    return jdbc.update(
            """
            insert into coupon (code, discount_type, discount_value, currency, customer_id, minimum_order_total,
              maximum_discount, valid_from, valid_until, usage_limit, per_customer_limit, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?, ?, ?::timestamptz)
            on conflict (code) do nothing
            """,
            coupon.code(),
            coupon.type().name(),
            coupon.value(),
            currency == null ? null : currency.getCurrencyCode(),
            coupon.customerId(),
            coupon.minimumOrderTotal(),
            coupon.maximumDiscount(),
            coupon.validFrom() == null ? null : coupon.validFrom().toString(),
            coupon.validUntil() == null ? null : coupon.validUntil().toString(),
            coupon.usageLimit(),
            coupon.perCustomerLimit(),
            now.toString())
        == 1;
  }

  /** Writes what of a locked coupon can be changed. */
  void change(Coupon coupon) {
    jdbc.update(
        "update coupon set enabled = ?, valid_until = ?::timestamptz, usage_limit = ? where code ="
            + " ?",
        coupon.enabled(),
        coupon.validUntil() == null ? null : coupon.validUntil().toString(),
        coupon.usageLimit(),
        coupon.code());
  }

  private record Place(Instant createdAt, String code) {

    static Place parse(String text) {
      int middle = text.indexOf('/');
      return new Place(Cursor.time(text.substring(0, middle)), text.substring(middle + 1));
    }

    @Override
    public String toString() {
      return createdAt + "/" + code;
    }
  }

  private record Listed(Place place, Optional<Coupon> coupon) {}

  /**
   * Lists coupons, the newest first.
   *
   * @param status at this moment; null for all
   */
  Page<Coupon> list(
      Coupon.@Nullable Status status, Instant now, int limit, @Nullable String cursor) {
    Place after = Cursor.read(cursor, Place::parse);
    String before =
        after == null ? "" : " and (created_at, code collate \"C\") < (?::timestamptz, ?)";
    List<Object> parameters = new ArrayList<>();
    if (status != null) {
      parameters.add(now.toString());
      parameters.add(now.toString());
      parameters.add(status.name());
    }
    if (after != null) {
      parameters.add(after.createdAt().toString());
      parameters.add(after.code());
    }
    parameters.add(limit + 1);
    List<Listed> found =
        jdbc.query(
            "select "
                + COLUMNS
                + " from coupon where "
                + (status == null ? "true" : IS_OF_STATUS)
                + before
                + " order by created_at desc, code collate \"C\" desc limit ?",
            (row, n) ->
                new Listed(
                    new Place(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("code")),
                    readable(row, n)),
            parameters.toArray());
    Page<Listed> page = Page.of(found, limit, Listed::place);
    return new Page<>(
        page.entries().stream().map(Listed::coupon).flatMap(Optional::stream).toList(),
        page.next());
  }

  Optional<Coupon> find(String code) {
    return jdbc
        .query("select " + COLUMNS + " from coupon where code = ?", this::readable, code)
        .stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Locks coupons for the rest of the transaction, so that nobody else can take one of their uses,
   * always in the order of their codes.
   */
  Map<String, Coupon> lock(Collection<String> codes) {
    return among(
        codes,
        "select "
            + COLUMNS
            + " from coupon where code = any (?) order by code collate \"C\" for no key update");
  }

  /** Coupons as they are, which others may take uses of right away. */
  Map<String, Coupon> look(Collection<String> codes) {
    return among(codes, "select " + COLUMNS + " from coupon where code = any (?)");
  }

  private Map<String, Coupon> among(Collection<String> codes, String query) {
    if (codes.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .query(query, this::readable, (Object) codes.stream().distinct().toArray(String[]::new))
        .stream()
        .flatMap(Optional::stream)
        .collect(Collectors.toMap(Coupon::code, coupon -> coupon));
  }

  /** How often each of these customers has taken each of these coupons. */
  public Map<Taker, Integer> taken(List<Taker> takers) {
    if (takers.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .query(
            """
            select code, customer_id, (
              select count(*) from coupon_redemption as r
              where r.code = taker.code and r.customer_id = taker.customer_id and r.released_at is null) as taken
            from (select distinct * from unnest(?, ?) as t (code, customer_id)) as taker
            """,
            (row, n) ->
                Map.entry(
                    new Taker(row.getString("code"), row.getString("customer_id")),
                    row.getInt("taken")),
            takers.stream().map(Taker::code).toArray(String[]::new),
            takers.stream().map(Taker::customerId).toArray(String[]::new))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Those of these orders that have a use of a coupon, or a promise of one. */
  Set<UUID> takenBy(List<UUID> orderIds) {
    return Set.copyOf(
        jdbc.queryForList(
            "select order_id from coupon_redemption where order_id = any (?)",
            UUID.class,
            (Object) orderIds.toArray(UUID[]::new)));
  }

  /**
   * Books uses of coupons that nothing was reserved of, each order's once, and tells of them.
   *
   * @param rows as {@link CouponRedeemer} writes them
   */
  void use(String rows) {
    jdbc.update(USE_UNRESERVED, rows, EventType.COUPON_USED.topic());
  }

  /** A customer who takes a coupon. */
  public record Taker(String code, String customerId) {}

  /**
   * The coupon of a row. A newer version, or one on a newer JDK, may have stored a rule or a
   * currency that this one does not know: such a coupon does not exist here, because no discount is
   * better than a wrong one.
   */
  private Optional<Coupon> readable(ResultSet row, int n) throws SQLException {
    try {
      return Optional.of(coupon(row));
    } catch (IllegalArgumentException e) {
      String code = row.getString("code");
      if (unreadable.size() < MOST_UNREADABLE && unreadable.add(code)) {
        log.warn(
            "Coupon {} has a discount type or currency that this version does not know; orders that"
                + " name it are refused: {} {}",
            code,
            row.getString("discount_type"),
            row.getString("currency"));
      }
      return Optional.empty();
    }
  }

  private static Coupon coupon(ResultSet row) throws SQLException {
    String currency = row.getString("currency");
    return new Coupon(
        row.getString("code"),
        Coupon.DiscountType.valueOf(row.getString("discount_type")),
        row.getBigDecimal("discount_value"),
        currency == null ? null : Currency.getInstance(currency),
        row.getString("customer_id"),
        row.getBigDecimal("minimum_order_total"),
        row.getBigDecimal("maximum_discount"),
        instant(row, "valid_from"),
        instant(row, "valid_until"),
        row.getInt("usage_limit"),
        (Integer) row.getObject("per_customer_limit"),
        row.getBoolean("enabled"),
        row.getInt("reserved"),
        row.getInt("used"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
