package orderflow.privacy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Remembers which customers were erased, and how far the erasure of each has come. */
@Repository
public class ErasedCustomers {

  private static final String COLUMNS = "customer_id, at, sweep, store, position, operation_id";

  private static final String GOES_ON =
      """
       and not exists (
        select from operation where operation.id = erased_customer.operation_id and operation.state = 'PAUSED')
      """;

  /** Of records with addresses, in one statement. */
  private static final int COMPARISONS = 20_000;

  private final JdbcClient jdbc;
  private final Clock clock;

  public ErasedCustomers(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * An erasure under way.
   *
   * @param sweep 0 for the first
   * @param store the name of what is being erased; null at a sweep's beginning
   * @param position in it; null at its beginning
   * @param operation the one that shows it; null where the version before has begun it
   */
  record Progress(
      ErasedCustomer customer,
      int sweep,
      @Nullable String store,
      @Nullable String position,
      @Nullable Long operation) {

    Progress at(String nextStore, @Nullable String nextPosition) {
      return new Progress(customer, sweep, nextStore, nextPosition, operation);
    }
  }

  /** Those of these customers who were erased, by their ids. */
  public Map<String, ErasedCustomer> among(Collection<String> customerIds) {
    if (customerIds.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .sql("select customer_id, at from erased_customer where customer_id = any (?)")
        .param(customerIds.toArray(String[]::new))
        .query((row, n) -> customer(row))
        .list()
        .stream()
        .collect(Collectors.toMap(ErasedCustomer::customerId, customer -> customer));
  }

  /** Whether an order was placed by a customer who was erased since. */
  public boolean cover(UUID orderId) {
    return jdbc.sql(
            """
            select exists (
              select from orders join erased_customer using (customer_id)
              where orders.id = ? and orders.created_at <= erased_customer.at)
            """)
        .param(orderId)
        .query(Boolean.class)
        .single();
  }

  /**
   * Remembers an erasure, which the caller begins at once; its loop only if that fails.
   *
   * @return the operation that shows it already, or has shown an earlier one
   */
  @Nullable Long remember(String customerId) {
    Instant now = clock.instant();
    return jdbc.sql(
            """
            insert into erased_customer (customer_id, at, due_at) values (:id, :now, :due)
            on conflict (customer_id) do update
            set at = excluded.at, sweep = 0, store = null, position = null, due_at = excluded.due_at
            returning operation_id
            """)
        .param("id", customerId)
        .param("now", time(now))
        .param("due", time(now.plus(PersonalData.AT_ONCE)))
        .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single()
        .orElse(null);
  }

  /** Notes the operation that shows an erasure. */
  void showBy(long operation, String customerId) {
    jdbc.sql("update erased_customer set operation_id = ? where customer_id = ?")
        .params(operation, customerId)
        .update();
  }

  /** Locks a customer's first sweep for the transaction, unless another instance is at it. */
  Optional<Progress> lockFirstSweep(String customerId) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from erased_customer where customer_id = ? and due_at is not null and sweep = 0"
                + GOES_ON
                + " for update skip locked")
        .param(customerId)
        .query(ErasedCustomers::progress)
        .optional();
  }

  /** Locks the erasure that has been due for longest; far ahead are those a clock put back left. */
  Optional<Progress> lockDue() {
    Instant now = clock.instant();
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from erased_customer where (due_at <= ? or due_at > ?)"
                + GOES_ON
                + " order by due_at limit 1 for update skip locked")
        .params(time(now), time(now.plus(ErasedCustomer.UNDER_WAY.multipliedBy(2))))
        .query(ErasedCustomers::progress)
        .optional();
  }

  /** Leaves an erasure whose step has failed for a minute. */
  void postpone(ErasedCustomer customer) {
    jdbc.sql("update erased_customer set due_at = ? where customer_id = ? and due_at is not null")
        .params(time(clock.instant().plus(ErasedCustomer.UNDER_WAY)), customer.customerId())
        .update();
  }

  /** Notes where the next step of a sweep begins. */
  void advance(Progress next) {
    jdbc.sql("update erased_customer set store = ?, position = ? where customer_id = ?")
        .params(next.store(), next.position(), next.customer().customerId())
        .update();
  }

  /** Ends a sweep: a second one follows when nothing older can be under way any more. */
  void endSweep(Progress ended) {
    boolean first = ended.sweep() == 0;
    jdbc.sql(
            """
            update erased_customer set sweep = 1, store = null, position = null, due_at = ? where customer_id = ?
            """)
        .params(
            first ? time(ended.customer().at().plus(ErasedCustomer.UNDER_WAY)) : null,
            ended.customer().customerId())
        .update();
    if (!first) {
      jdbc.sql("delete from erased_address where customer_id = ?")
          .param(ended.customer().customerId())
          .update();
    }
  }

  /**
   * Keeps addresses of a customer until the erasure has ended: broken records may bear only one.
   */
  public void keepAddresses(String customerId, Collection<String> addresses) {
    if (!addresses.isEmpty()) {
      jdbc.sql(
              """
              insert into erased_address (customer_id, address) select ?, * from unnest(?)
              on conflict do nothing
              """)
          .params(customerId, addresses.toArray(String[]::new))
          .update();
    }
  }

  /**
   * How many records a step can compare with each of a customer's addresses, {@code most} at most.
   */
  public int stepFor(ErasedCustomer customer, int most) {
    int addresses =
        jdbc.sql(
                "select count(*) from (select from erased_address where customer_id = ? limit ?) as known")
            .params(customer.customerId(), COMPARISONS)
            .query(Integer.class)
            .single();
    return Math.max(1, Math.min(most, COMPARISONS / (addresses + 1)));
  }

  private static ErasedCustomer customer(ResultSet row) throws SQLException {
    return new ErasedCustomer(
        row.getString("customer_id"), row.getObject("at", OffsetDateTime.class).toInstant());
  }

  private static Progress progress(ResultSet row, int n) throws SQLException {
    return new Progress(
        customer(row),
        row.getInt("sweep"),
        row.getString("store"),
        row.getString("position"),
        row.getObject("operation_id", Long.class));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
