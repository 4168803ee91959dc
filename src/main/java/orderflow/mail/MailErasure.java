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
  private static final Position FIRST = new Position(new UUID(0, 0), "");
  private static final String ERASED = "personal data erased";

  private final JdbcClient jdbc;
  private final ErasedCustomers customers;

  MailErasure(JdbcClient jdbc, ErasedCustomers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  private record Stored(UUID orderId, String kind, PersonalPayload event, Instant queuedAt) {}

  /**
   * Where a step begins: with an order's mails, of which it can have more than a step takes.
   *
   * @param kind only those of later kinds; empty for all. The version before knows orders alone
   */
  private record Position(UUID orderId, String kind) {

    static Position of(String written) {
      String[] parts = written.split("/", 2);
      return new Position(UUID.fromString(parts[0]), parts.length == 1 ? "" : parts[1]);
    }

    /** The index has no kinds: of a later order, any mails may have been read first. */
    Position after(Stored last) {
      return new Position(last.orderId, last.orderId.equals(orderId) ? last.kind : "");
    }

    String written() {
      return kind.isEmpty() ? orderId.toString() : orderId + "/" + kind;
    }
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    Position from = position == null ? FIRST : Position.of(position);
    List<Stored> mails = next(customer, from);
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
    return mails.isEmpty() ? null : from.after(mails.get(mails.size() - 1)).written();
  }

  /** So far as their size allows; they are those of the index alone that have an event. */
  private List<Stored> next(ErasedCustomer customer, Position from) {
    return jdbc.sql(
            """
            with of_the_order as (
              select order_id, kind, octet_length(event) as bytes from mail
              where event <> '' and order_id = :order and kind > :kind and customer_id = :customer
              order by order_id, kind limit :step
            ),
            of_later_orders as (
              select order_id, kind, octet_length(event) as bytes from mail
              where event <> '' and (customer_id, order_id) > (:customer, :order)
                and (customer_id, order_id) <= (:customer, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
              order by customer_id, order_id limit :step
            ),
            measured as (
              select order_id, kind, sum(bytes) over (
                order by order_id, kind rows between unbounded preceding and 1 preceding) as bytes_before
              from (select * from of_the_order union all select * from of_later_orders) as following
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
        .param("order", from.orderId())
        .param("kind", from.kind())
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
