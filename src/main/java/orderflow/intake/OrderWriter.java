package orderflow.intake;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderSummary;
import orderflow.order.PlacedOrder;
import orderflow.outbox.Priority;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.http.TraceParent;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Writes placed orders with all that belongs to them, a batch at a time. */
@Repository
class OrderWriter {

  private static final String INSERT = SqlFile.read("place-orders.sql");

  /** From so many orders on, COPY is quicker than a statement. */
  static final int MANY = 100;

  private static final String COUNT =
      """
      update coupon set reserved = reserved + taken.uses from unnest(?, ?) as taken (code, uses)
      where coupon.code = taken.code
      """;

  private final JdbcTemplate jdbc;

  OrderWriter(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** An order that a reference stands for. */
  @SuppressWarnings("ArrayRecordComponent")
  record Referenced(String reference, byte[] fingerprint, OrderSummary order) {

    /** An erased order has no content to differ from: the reference alone says that it is there. */
    boolean isSame(NewOrder other) {
      return fingerprint.length == 0 || Fingerprint.isOf(fingerprint, order, other);
    }
  }

  /** The orders that these references stand for already. */
  Map<String, Referenced> referenced(Collection<String> references) {
    if (references.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .query(
            "select * from orders where reference = any (?)",
            OrderWriter::referenced,
            (Object) references.toArray(String[]::new))
        .stream()
        .collect(Collectors.toMap(Referenced::reference, r -> r));
  }

  /**
   * Inserts orders, their items, their coupons' reservations and their events.
   *
   * @param taken how many uses of each coupon they take
   * @param lane in which their events leave
   * @throws ConcurrencyFailureException if one of the references, or a coupon's last uses, was
   *     taken meanwhile
   */
  void insert(List<PlacedOrder> orders, Map<String, Integer> taken, Priority lane) {
    if (orders.isEmpty()) {
      return;
    }
    try {
      if (orders.size() < MANY) {
        insertFew(orders, taken, lane);
      } else {
        insertMany(orders, taken, lane);
      }
    } catch (DuplicateKeyException e) {
      throw new ConcurrencyFailureException("a reference was taken meanwhile", e);
    } catch (DataIntegrityViolationException e) {
      throw isOverdrawn(e)
          ? new ConcurrencyFailureException("a coupon's last uses were taken meanwhile", e)
          : e;
    }
  }

  /**
   * Of the tables written here, only that of the coupons has checks: how often one may be taken.
   */
  private static boolean isOverdrawn(DataIntegrityViolationException failure) {
    return failure.getMostSpecificCause() instanceof SQLException refused
        && PSQLState.CHECK_VIOLATION.getState().equals(refused.getSQLState());
  }

  private void insertFew(List<PlacedOrder> orders, Map<String, Integer> taken, Priority lane) {
    jdbc.execute(
        INSERT,
        (PreparedStatement statement) -> {
          bind(statement, orders, taken, lane);
          return statement.executeUpdate();
        });
  }

  private void insertMany(List<PlacedOrder> orders, Map<String, Integer> taken, Priority lane) {
    jdbc.execute(
        (Connection connection) -> {
          OrderCopy.write(connection, orders, lane);
          return null;
        });
    if (!taken.isEmpty()) {
      jdbc.execute(
          COUNT,
          (PreparedStatement statement) -> {
            bind(new ArrayColumns(statement), taken);
            return statement.executeUpdate();
          });
    }
  }

  private static void bind(
      PreparedStatement statement,
      List<PlacedOrder> orders,
      Map<String, Integer> taken,
      Priority lane)
      throws SQLException {
    ArrayColumns columns = new ArrayColumns(statement);
    columns.add("uuid", orders, PlacedOrder::id);
    columns.add("text", orders, order -> order.content().reference());
    columns.add("bytea", orders, OrderWriter::fingerprint);
    columns.add("text", orders, order -> order.content().customer().id());
    columns.add("text", orders, order -> order.content().customer().email());
    columns.add("text", orders, order -> order.content().customer().name());
    columns.add("text", orders, order -> order.content().customer().locale());
    columns.add("text", orders, order -> order.content().currency().getCurrencyCode());
    columns.add("numeric", orders, PlacedOrder::subtotal);
    columns.add("numeric", orders, PlacedOrder::discount);
    columns.add("numeric", orders, PlacedOrder::total);
    columns.add("text", orders, order -> order.content().couponCode());
    columns.add("timestamptz", orders, order -> order.createdAt().toString());
    columns.add(
        "bytea", orders, order -> order.content().customer().id().getBytes(StandardCharsets.UTF_8));
    columns.add("bytea", orders, order -> OrderCompleted.of(order).json());
    columns.add("jsonb", orders, OrderWriter::traceHeaders);

    List<Line> lines = orders.stream().flatMap(OrderWriter::lines).toList();
    columns.add("uuid", lines, Line::order);
    columns.add("int2", lines, Line::position);
    columns.add("text", lines, line -> line.item().sku());
    columns.add("text", lines, line -> line.item().name());
    columns.add("int4", lines, line -> line.item().quantity());
    columns.add("numeric", lines, line -> line.item().unitPrice());

    bind(columns, taken);
    columns.addValue(lane.number());
  }

  private static void bind(ArrayColumns columns, Map<String, Integer> taken) throws SQLException {
    columns.add("text", List.copyOf(taken.keySet()), code -> code);
    columns.add("int4", List.copyOf(taken.keySet()), taken::get);
  }

  /** What tells an order from others of its reference. */
  static byte @Nullable [] fingerprint(PlacedOrder order) {
    return order.content().reference() == null ? null : Fingerprint.of(order.content());
  }

  static @Nullable String traceHeaders(PlacedOrder order) {
    return RecordHeaders.jsonOrNull(TraceParent.headers(order.content().traceParent()));
  }

  private record Line(UUID order, short position, Item item) {}

  private static Stream<Line> lines(PlacedOrder order) {
    List<Item> items = order.content().items();
    return IntStream.range(0, items.size())
        .mapToObj(i -> new Line(order.id(), (short) i, items.get(i)));
  }

  private static Referenced referenced(ResultSet row, int n) throws SQLException {
    return new Referenced(
        row.getString("reference"),
        row.getBytes("fingerprint"),
        new OrderSummary(
            row.getObject("id", UUID.class),
            row.getString("customer_id"),
            row.getString("currency"),
            row.getBigDecimal("subtotal"),
            row.getBigDecimal("discount"),
            row.getBigDecimal("total"),
            row.getString("coupon_code"),
            row.getObject("created_at", OffsetDateTime.class).toInstant()));
  }
}
