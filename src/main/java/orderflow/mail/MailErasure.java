package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.ErasedCustomers;
import orderflow.privacy.PersonalPayload;
import orderflow.privacy.PersonalRecords;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A customer's mails: those still queued are not sent any more. */
@Component
@Order(1)
class MailErasure implements PersonalRecords {

  private static final int STEP = 500;
  private static final String FIRST = new UUID(0, 0) + "/";
  private static final String ERASED = "personal data erased";

  private final JdbcClient jdbc;
  private final ErasedCustomers customers;

  MailErasure(JdbcClient jdbc, ErasedCustomers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  private record Stored(UUID orderId, String kind, PersonalPayload event, Instant queuedAt) {

    /** An order has several mails. */
    String place() {
      return orderId + "/" + kind;
    }
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    List<Stored> mails = next(customer, position == null ? FIRST : position);
    List<Stored> covered =
        mails.stream()
            .filter(mail -> customer.covers(mail.event().completedAt(), mail.queuedAt()))
            .toList();
    customers.keepAddresses(
        customer.customerId(),
        covered.stream()
            .map(mail -> mail.event().address())
            .flatMap(Optional::stream)
            .filter(address -> !address.isEmpty())
            .distinct()
            .toList());
    jdbc.sql(
            """
            update mail
            set event = '', source_headers = null,
                state = case state when 'QUEUED' then 'FAILED' else state end,
                error = case state when 'SENT' then error else ? end
            where ctid = any (array(
                select covered.ctid from unnest(?, ?) as o(order_id, kind)
                cross join lateral (
                  select ctid from mail where order_id = o.order_id and kind = o.kind offset 0
                ) as covered))
              and customer_id = ? and event <> ''
            """)
        .params(
            ERASED,
            covered.stream().map(Stored::orderId).toArray(UUID[]::new),
            covered.stream().map(Stored::kind).toArray(String[]::new),
            customer.customerId())
        .update();
    return mails.isEmpty() ? null : mails.get(mails.size() - 1).place();
  }

  /** So far as their size allows; they are those of the index alone that have an event. */
  private List<Stored> next(ErasedCustomer customer, String position) {
    String[] from = position.split("/", 2); // the version before noted the order alone
    return jdbc.sql(
            """
            with following as (
              select order_id, kind, octet_length(event) as bytes from mail
              where event <> '' and (customer_id, order_id) >= (:customer, :order)
                and (customer_id, order_id) <= (:customer, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                and (order_id, kind) > (:order, :kind)
              order by customer_id, order_id, kind limit :step
            ),
            measured as (
              select order_id, kind, sum(bytes) over (
                order by order_id, kind rows between unbounded preceding and 1 preceding) as bytes_before
              from following
            )
            select mail.order_id, measured.kind, mail.event, mail.queued_at from measured
            cross join lateral (
              select order_id, event, queued_at from mail
              where mail.order_id = measured.order_id and mail.kind = measured.kind offset 0
            ) as mail
            where coalesce(bytes_before, 0) < :bytes
            order by mail.order_id, measured.kind
            """)
        .param("customer", customer.customerId())
        .param("order", UUID.fromString(from[0]))
        .param("kind", from.length == 1 ? "" : from[1])
        .param("step", STEP)
        .param("bytes", Mails.MOST_BYTES)
        .query(MailErasure::stored)
        .list();
  }

  private static Stored stored(ResultSet row, int n) throws SQLException {
    byte[] event = row.getString("event").getBytes(StandardCharsets.UTF_8);
    return new Stored(
        row.getObject("order_id", UUID.class),
        row.getString("kind"),
        PersonalPayload.of(event),
        row.getObject("queued_at", OffsetDateTime.class).toInstant());
  }
}
