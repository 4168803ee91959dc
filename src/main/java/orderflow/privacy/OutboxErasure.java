package orderflow.privacy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import orderflow.outbox.EventType;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Events on their way to Kafka. They have no index by customer, which each order would pay for: all
 * that wait are looked through, in slices by the primary key. An event that leaves meanwhile is one
 * that consumers neither store nor mail.
 */
@Component
@Order(4)
class OutboxErasure implements PersonalRecords {

  private static final int STEP = 1_000;
  private static final int MOST_BYTES = 4 << 20;

  /** The error of a dead letter, which may hold the record's own values; headers are in Base64. */
  private static final String ERASED =
      Base64.getEncoder().encodeToString("personal data erased".getBytes(StandardCharsets.UTF_8));

  private final JdbcClient jdbc;
  private final ErasedCustomers customers;

  OutboxErasure(JdbcClient jdbc, ErasedCustomers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Waiting(
      String topic,
      short lane,
      long id,
      byte @Nullable [] payload,
      boolean byKey,
      boolean byAddress,
      boolean byId,
      Instant createdAt) {

    boolean isMentioned() {
      return byKey || byAddress || byId;
    }

    /** Of our own events, only an order's names a person; the others hold ids and amounts. */
    boolean mayBePersonal() {
      return topic.equals(EventType.ORDER_COMPLETED.topic()) || EventType.of(topic).isEmpty();
    }
  }

  @Override
  public String name() {
    return "outbox";
  }

  @Override
  public @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position) {
    String[] from = position == null ? new String[] {"", "-1", "0"} : position.split("/", 3);
    List<Waiting> slice =
        jdbc.sql(
                """
                with following as (
                  select topic, lane, id, octet_length(payload) as bytes from outbox
                  where (topic, lane, id) > (:topic, :lane, :id) order by topic, lane, id limit :step
                ),
                measured as (
                  select topic, lane, id, sum(bytes) over (
                    order by topic, lane, id rows between unbounded preceding and 1 preceding) as bytes_before
                  from following
                ),
                near as (
                  select topic, lane, id from measured where coalesce(bytes_before, 0) < :bytes
                )
                select outbox.topic, outbox.lane, outbox.id, created_at, found.*,
                  case when by_key or by_address or by_id then payload end as payload
                from near
                cross join lateral (
                  select * from outbox where outbox.topic = near.topic and outbox.lane = near.lane and outbox.id = near.id offset 0
                ) as outbox
                cross join lateral (
                  select outbox.key = :key as by_key,
                    position(:key in coalesce(payload, '')) > 0 as by_id,
                    exists (
                      select from erased_address where customer_id = :customer
                        and position(convert_to(address, 'UTF8') in coalesce(payload, '')) > 0) as by_address
                  offset 0
                ) as found
                order by outbox.topic, outbox.lane, outbox.id
                """)
            .param("topic", from[0])
            .param("lane", Short.valueOf(from[1]))
            .param("id", Long.valueOf(from[2]))
            .param("step", customers.stepFor(customer, STEP))
            .param("bytes", MOST_BYTES)
            .param("key", customer.customerId().getBytes(StandardCharsets.UTF_8))
            .param("customer", customer.customerId())
            .query(
                (row, n) ->
                    new Waiting(
                        row.getString("topic"),
                        row.getShort("lane"),
                        row.getLong("id"),
                        row.getBytes("payload"),
                        row.getBoolean("by_key"),
                        row.getBoolean("by_address"),
                        row.getBoolean("by_id"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
            .list();
    slice.stream()
        .filter(record -> record.isMentioned() && record.mayBePersonal())
        .forEach(record -> erase(customer, record));
    if (slice.isEmpty()) {
      return null;
    }
    Waiting last = slice.get(slice.size() - 1);
    return last.topic() + "/" + last.lane() + "/" + last.id();
  }

  private void erase(ErasedCustomer customer, Waiting record) {
    PersonalPayload payload = PersonalPayload.of(record.payload());
    if (payload.isOf(customer.customerId(), record.byKey() || record.byAddress())
        && customer.covers(payload.completedAt(), record.createdAt())) {
      jdbc.sql(
              """
              update outbox set payload = ?, headers = (
                select jsonb_object_agg(key, case when key = 'error' then to_jsonb(?::text) else value end)
                from jsonb_each(headers)
                where key in ('consumer', 'error', 'original-topic', 'original-partition', 'original-offset', 'traceparent')
                  -- An event's own attributes; those of a dead letter's original are another system's.
                  or key like 'ce\\_%' and headers -> 'consumer' is null)
              where topic = ? and lane = ? and id = ?
              """)
          .params(
              payload.blanked(String.valueOf(record.id()), false),
              ERASED,
              record.topic(),
              record.lane(),
              record.id())
          .update();
    }
  }
}
