package orderflow.deadletter;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.ErasedCustomers;
import orderflow.privacy.PersonalPayload;
import orderflow.privacy.PersonalRecords;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Dead letters: those that name the customer, as they came or as an operator has edited them, are
 * found by an index each. Those that name no customer are looked through, in slices by an index of
 * theirs, for the customer's id as their key and for the customer's addresses; they are the few
 * that are not even an order's event.
 */
@Component
@Order(3)
class DeadLetterErasure implements PersonalRecords {

  private static final int STEP = 500;
  private static final int MOST_BYTES = 4 << 20;

  /**
   * The parts of a position: what of its two kinds the next step looks at, and from which id on.
   */
  private static final String OF_THE_CUSTOMER = "of";

  private static final String EDITED = "edited";

  private static final String OF_NO_CUSTOMER = "none";

  private final JdbcClient jdbc;
  private final ErasedCustomers customers;

  DeadLetterErasure(JdbcClient jdbc, ErasedCustomers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(
      long id,
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] payload,
      byte @Nullable [] edited,
      String error,
      Instant failedAt,
      boolean byKey,
      boolean byAddress,
      boolean byId) {

    String place() {
      return offset < 0 ? String.valueOf(id) : topic + "-" + partition + "@" + offset;
    }
  }

  @Override
  public String name() {
    return "dead_letter";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    String[] from = (position == null ? OF_THE_CUSTOMER + " 0" : position).split(" ", 2);
    List<Stored> slice = next(customer, from[0], Long.parseLong(from[1]));
    for (Stored letter : slice) {
      PersonalPayload payload = PersonalPayload.of(letter.payload());
      if (!from[0].equals(EDITED)
          && isTheirs(customer, letter, payload, from[0])
          && customer.covers(payload.completedAt(), letter.failedAt())) {
        erase(customer, letter, payload);
      } else if (letter.edited() != null) {
        PersonalPayload edited = PersonalPayload.of(letter.edited());
        if (isTheirs(customer, letter, edited, from[0])
            && customer.covers(edited.completedAt(), letter.failedAt())) {
          eraseEdited(letter, edited);
        }
      }
    }
    if (!slice.isEmpty()) {
      return from[0] + " " + slice.get(slice.size() - 1).id();
    }
    return switch (from[0]) {
      case OF_THE_CUSTOMER -> EDITED + " 0";
      case EDITED -> OF_NO_CUSTOMER + " 0";
      default -> null;
    };
  }

  private static boolean isTheirs(
      ErasedCustomer customer, Stored letter, PersonalPayload payload, String part) {
    return !part.equals(OF_NO_CUSTOMER)
        || (letter.byKey() || letter.byAddress() || letter.byId())
            && payload.isOf(customer.customerId(), letter.byKey() || letter.byAddress());
  }

  private void eraseEdited(Stored letter, PersonalPayload edited) {
    jdbc.sql("update dead_letter set edited = ?, error = ? where id = ?")
        .params(
            edited.blanked(letter.place(), false),
            PersonalPayload.withoutAddresses(letter.error()),
            letter.id())
        .update();
  }

  private void erase(ErasedCustomer customer, Stored letter, PersonalPayload payload) {
    byte[] id = customer.customerId().getBytes(StandardCharsets.UTF_8);
    byte[] blanked = payload.blanked(letter.place(), letter.offset() < 0);
    // The same record may have failed once more meanwhile, and then was filed without personal
    // data.
    jdbc.sql(
            """
            delete from dead_letter as twin using dead_letter as letter
            where letter.id = ? and twin.id <> letter.id and twin.consumer = letter.consumer
              and twin.topic = letter.topic and twin.partition = letter.partition
              and twin."offset" = letter."offset"
              and md5(coalesce(twin.payload, '')) = md5(coalesce(?, ''::bytea))
            """)
        .params(letter.id(), blanked)
        .update();
    jdbc.sql(
            "update dead_letter set key = ?, payload = ?, edited = ?, headers = null, error = ? where id = ?")
        .params(
            Arrays.equals(letter.key(), id) ? id : null,
            blanked,
            PersonalPayload.of(letter.edited()).blanked(letter.place(), false),
            PersonalPayload.withoutAddresses(letter.error()),
            letter.id())
        .update();
  }

  /** Of those that name no customer, only those are read whole that mention this one. */
  private List<Stored> next(ErasedCustomer customer, String part, long after) {
    boolean named = !part.equals(OF_NO_CUSTOMER);
    return jdbc.sql(
            """
            with following as (
              select id, coalesce(octet_length(payload), 0) + coalesce(octet_length(edited), 0) as bytes from dead_letter
              where %2$s limit :step
            ),
            measured as (
              select id, sum(bytes) over (
                order by id rows between unbounded preceding and 1 preceding) as bytes_before
              from following
            ),
            near as (
              select id from measured where coalesce(bytes_before, 0) < :bytes
            )
            select letter.id, topic, partition, "offset", key, error, failed_at, found.*,
              case when %1$s then payload end as payload, case when %1$s then edited end as edited
            from near
            cross join lateral (select * from dead_letter where dead_letter.id = near.id offset 0) as letter
            cross join lateral (
              select coalesce(letter.key = :key, false) as by_key,
                %3$s as by_id,
                %4$s as by_address
              offset 0
            ) as found
            order by letter.id
            """
                .formatted(
                    named ? "true" : "by_key or by_id or by_address",
                    named
                        ? """
                          (%1$s, id) > (:customer, :after) and (%1$s, id) <= (:customer, :last)
                          order by %1$s, id
                          """
                            .formatted(part.equals(EDITED) ? "edited_customer_id" : "customer_id")
                        : "customer_id is null and id > :after order by id",
                    named
                        ? "true"
                        : "position(:key in coalesce(payload, '')) > 0 or position(:key in coalesce(edited, '')) > 0",
                    named
                        ? "false"
                        : """
                          exists (
                            select from erased_address where customer_id = :customer
                              and (position(convert_to(address, 'UTF8') in coalesce(payload, '')) > 0
                                or position(convert_to(address, 'UTF8') in coalesce(edited, '')) > 0
                                or position(address in error) > 0))
                          """))
        .param("customer", customer.customerId())
        .param("key", customer.customerId().getBytes(StandardCharsets.UTF_8))
        .param("after", after)
        .param("last", Long.MAX_VALUE)
        .param("step", named ? STEP : customers.stepFor(customer, STEP))
        .param("bytes", MOST_BYTES)
        .query(DeadLetterErasure::stored)
        .list();
  }

  private static Stored stored(ResultSet row, int n) throws SQLException {
    return new Stored(
        row.getLong("id"),
        row.getString("topic"),
        row.getInt("partition"),
        row.getLong("offset"),
        row.getBytes("key"),
        row.getBytes("payload"),
        row.getBytes("edited"),
        row.getString("error"),
        row.getObject("failed_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("by_key"),
        row.getBoolean("by_address"),
        row.getBoolean("by_id"));
  }
}
