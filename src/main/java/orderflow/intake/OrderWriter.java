package orderflow.intake;

import static orderflow.order.ItemColumns.ITEMS;
import static orderflow.order.OrderColumns.ORDERS;
import static orderflow.platform.jdbc.SqlType.BOOL;
import static orderflow.platform.jdbc.SqlType.BYTEA;
import static orderflow.platform.jdbc.SqlType.TEXT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import orderflow.order.NewOrder;
import orderflow.order.OrderLine;
import orderflow.order.OrderSummary;
import orderflow.order.PlacedOrder;
import orderflow.outbox.EventType;
import orderflow.outbox.Priority;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.http.TraceParent;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.Columns;
import orderflow.platform.jdbc.CommitWarnings;
import orderflow.platform.jdbc.DatabaseSettings;
import orderflow.platform.jdbc.DurabilitySettings;
import orderflow.platform.jdbc.Pooler;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes placed orders with all that belongs to them, a batch at a time. */
@Repository
class OrderWriter {

  /** The rows of the table {@code orders}: beside the order, what its sender knows it by. */
  private static final class Rows extends Columns<PlacedOrder> {

    private Rows() {
      super("orders");
      columns(ORDERS, PlacedOrder::event);
      column("reference", TEXT, order -> order.content().reference());
      column("fingerprint", BYTEA, OrderWriter::fingerprint);
      column("own_number", TEXT, order -> order.content().ownNumber());
      column("made_number", TEXT, OrderWriter::madeNumber);
      column("is_known_by_reference", BOOL, order -> order.content().usesReferenceAsNumber());
    }
  }

  static final Columns<PlacedOrder> ROWS = new Rows();

  private static final String INSERT =
      SqlFile.read("place-orders.sql", ROWS.parts(), ITEMS.parts());

  private static final String REFERENCED =
      "select " + ROWS.parts().get("orders.columns") + " from orders where reference = any (?)";

  /** From so many orders on, COPY is quicker than a statement. */
  static final int MANY = 100;

  private static final String COUNT =
      """
      update coupon set reserved = reserved + taken.uses from unnest(?, ?) as taken (code, uses)
      where coupon.code = taken.code
      """;

  private final JdbcTemplate jdbc;
  private final DurabilitySettings durability;
  private final Pooler pooler;

  OrderWriter(JdbcTemplate jdbc, DurabilitySettings durability, DatabaseSettings database) {
    this.jdbc = jdbc;
    this.durability = durability;
    this.pooler = database.pooler();
  }

  /** To be called where a transaction answers for an order of before and writes nothing. */
  void awaitStandby() {
    durability.awaitStandby(jdbc);
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
        .query(REFERENCED, OrderWriter::referenced, (Object) references.toArray(String[]::new))
        .stream()
        .collect(Collectors.toMap(Referenced::reference, r -> r));
  }

  /**
   * Whether orders can be inserted by one statement without a transaction around it: none is open,
   * and a session has its settings by itself.
   */
  boolean canInsertAlone(int orders) {
    return orders < MANY
        && pooler != Pooler.TRANSACTION
        && !TransactionSynchronizationManager.isActualTransactionActive();
  }

  /**
   * Inserts orders, their items, their coupons' reservations and their events. Without a
   * transaction they are on disk when this returns.
   *
   * @param taken how many uses of each coupon they take
   * @param lane in which their events leave
   * @return false if a reference is another order's already, and nothing was inserted; of {@value
   *     #MANY} orders or more the references must be known to be new
   * @throws ConcurrencyFailureException if one of the references or numbers, or a coupon's last
   *     uses, was taken meanwhile
   */
  boolean insert(List<PlacedOrder> orders, Map<String, Integer> taken, Priority lane) {
    if (orders.isEmpty()) {
      return true;
    }
    try {
      if (orders.size() < MANY) {
        return insertFew(orders, taken, lane);
      }
      insertMany(orders, taken, lane);
      return true;
    } catch (DuplicateKeyException e) {
      throw new ConcurrencyFailureException("a reference or a number was taken meanwhile", e);
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

  private boolean insertFew(List<PlacedOrder> orders, Map<String, Integer> taken, Priority lane) {
    Integer events =
        jdbc.execute(
            INSERT,
            (PreparedStatement statement) -> {
              bind(statement, orders, taken, lane);
              int inserted = statement.executeUpdate();
              if (!TransactionSynchronizationManager.isActualTransactionActive()) {
                CommitWarnings.refuseIfCutShort(statement.getWarnings());
              }
              return inserted;
            });
    return events != null && events == orders.size();
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
    ROWS.bind(columns, orders);
    columns.add("bytea", orders, OrderWriter::key);
    columns.add("bytea", orders, order -> order.event().json());
    columns.add("jsonb", orders, OrderWriter::traceHeaders);
    ITEMS.bind(columns, orders.stream().map(PlacedOrder::event).flatMap(OrderLine::of).toList());
    bind(columns, taken);
    columns.addValue(lane.number());
    columns.addValue(EventType.ORDER_COMPLETED.topic());
  }

  private static void bind(ArrayColumns columns, Map<String, Integer> taken) throws SQLException {
    columns.add("text", List.copyOf(taken.keySet()), code -> code);
    columns.add("int4", List.copyOf(taken.keySet()), taken::get);
  }

  private static @Nullable String madeNumber(PlacedOrder order) {
    return order.content().orderNumber() == null ? order.event().orderNumber() : null;
  }

  /** What tells an order from others of its reference. */
  private static byte @Nullable [] fingerprint(PlacedOrder order) {
    return order.content().reference() == null ? null : Fingerprint.of(order.content());
  }

  /** What the event's topic is ordered by. */
  static byte[] key(PlacedOrder order) {
    return EventType.key(order.event().customer().id());
  }

  static @Nullable String traceHeaders(PlacedOrder order) {
    return RecordHeaders.jsonOrNull(TraceParent.headers(order.content().traceParent()));
  }

  private static Referenced referenced(ResultSet row, int n) throws SQLException {
    return new Referenced(
        row.getString("reference"),
        row.getBytes("fingerprint"),
        OrderSummary.of(ORDERS.read(row, List.of())));
  }
}
