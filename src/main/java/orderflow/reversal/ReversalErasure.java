package orderflow.reversal;

import java.util.List;
import java.util.UUID;
import orderflow.order.OrderIds;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.PersonalRecords;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What people wrote freely about a customer's reversals and refunds. A fingerprint that was made of
 * a note too must not be there to guess it by: an empty one is that of an erased reversal.
 */
@Component
@Order(5)
class ReversalErasure implements PersonalRecords {

  private static final int STEP = 1_000;
  private static final UUID FIRST = new UUID(0, 0);

  private final JdbcClient jdbc;

  ReversalErasure(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public String name() {
    return "reversal";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    List<UUID> reversals =
        jdbc.sql(
                """
                select id from reversal
                where (customer_id, id) > (:customer, :position) and (customer_id, id) < (:customer, :end)
                order by customer_id, id limit :step
                """)
            .param("customer", customer.customerId())
            .param("position", position == null ? FIRST : UUID.fromString(position))
            .param("end", OrderIds.least(customer.at().toEpochMilli() + 1))
            .param("step", STEP)
            .query(UUID.class)
            .list();
    jdbc.sql(
            """
            update reversal set note = null, refund_detail = null,
              fingerprint = case when note is null then fingerprint else ''::bytea end
            where id = any (?) and (note is not null or refund_detail is not null)
            """)
        .param(reversals.toArray(UUID[]::new))
        .update();
    return reversals.size() < STEP ? null : reversals.get(STEP - 1).toString();
  }
}
