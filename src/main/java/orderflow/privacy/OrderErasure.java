package orderflow.privacy;

import static orderflow.order.OrderColumns.ORDERS;

import java.util.List;
import java.util.UUID;
import orderflow.order.OrderIds;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A customer's orders, by rows of their index, which no plan can take for those of the primary key.
 * Their fingerprints were made of name and address too, which must not be there to be guessed: an
 * empty one is that of an erased order.
 */
@Component
@Order(2)
class OrderErasure implements PersonalRecords {

  private static final int STEP = 1_000;
  private static final UUID FIRST = new UUID(0, 0);

  private final JdbcClient jdbc;
  private final ErasedCustomers customers;

  OrderErasure(JdbcClient jdbc, ErasedCustomers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  private record Placed(UUID id, String customerEmail) {}

  @Override
  public String name() {
    return "orders";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    List<Placed> orders =
        jdbc.sql(
                """
                select id, customer_email from orders
                where (customer_id, id) > (:customer, :position) and (customer_id, id) < (:customer, :end)
                order by customer_id, id limit :step
                """)
            .param("customer", customer.customerId())
            .param("position", position == null ? FIRST : UUID.fromString(position))
            .param("end", OrderIds.least(customer.at().toEpochMilli() + 1))
            .param("step", STEP)
            .query(Placed.class)
            .list();
    customers.keepAddresses(
        customer.customerId(),
        orders.stream()
            .map(Placed::customerEmail)
            .filter(address -> !address.isEmpty())
            .distinct()
            .toList());
    jdbc.sql(
            """
            update orders set %1$s = %2$s,
              fingerprint = case when fingerprint is null then null else ''::bytea end
            where id = any (?) and (%1$s is distinct from %2$s or fingerprint <> '')
            """
                .formatted(ORDERS.personal(), ORDERS.erased()))
        .param(orders.stream().map(Placed::id).toArray(UUID[]::new))
        .update();
    return orders.size() < STEP ? null : orders.get(STEP - 1).id().toString();
  }
}
