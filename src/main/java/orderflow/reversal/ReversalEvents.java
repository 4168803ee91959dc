package orderflow.reversal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import orderflow.consumer.EventJson;
import orderflow.coupon.CouponRelease;
import orderflow.order.Money;
import orderflow.order.OrderStatus;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.http.TraceParent;
import orderflow.platform.jdbc.Updates;
import orderflow.platform.trace.Traces;
import orderflow.point.PointLedger;
import orderflow.point.PointReversals;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Writes the events about a reversal into the outbox, in its transaction. */
@Repository
class ReversalEvents {

  private final Updates updates;

  ReversalEvents(Updates updates) {
    this.updates = updates;
  }

  /** The value of {@link EventType#ORDER_CANCELLED}. */
  private record OrderCancelled(
      UUID orderId,
      String customerId,
      String currency,
      UUID reversalId,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund,
      ReversalRequest.@Nullable Reason reason,
      Points points,
      Coupon coupon,
      Instant cancelledAt) {}

  /** The value of {@link EventType#ORDER_RETURNED}. */
  private record OrderReturned(
      UUID orderId,
      String customerId,
      String currency,
      UUID reversalId,
      List<Item> items,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund,
      ReversalRequest.@Nullable Reason reason,
      ReversalPlan.Remaining remaining,
      OrderStatus status,
      Points points,
      Coupon coupon,
      Instant returnedAt) {}

  private record Item(
      int position,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sku,
      int quantity,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund) {}

  private record Points(long reversed, long debt) {}

  private record Coupon(@Nullable String code, CouponRelease.Outcome outcome) {}

  /**
   * The value of {@link EventType#POINT_CHANGED}.
   *
   * @param points signed
   */
  private record PointChanged(
      UUID entryId,
      String customerId,
      String kind,
      long points,
      long available,
      long pending,
      long debt,
      UUID orderId,
      UUID reversalId,
      Instant at) {}

  /** The value of {@link EventType#COUPON_RELEASED}. */
  private record CouponReleased(
      UUID orderId,
      String customerId,
      String couponCode,
      String discount,
      CouponRelease.Outcome outcome,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reissuedCode,
      Instant releasedAt) {}

  void write(
      OrderToReverse order,
      ReversalPlan plan,
      PointReversals.Booked booked,
      PointReversals.@Nullable Change change,
      Instant now) {
    UUID orderId = order.order().orderId();
    String customer = order.order().customer().id();
    UUID id = Objects.requireNonNull(plan.reversalId());
    Points points = new Points(plan.points().reversed(), plan.points().debt());
    Coupon coupon = new Coupon(plan.coupon().code(), plan.coupon().outcome());
    int version = plan.order().version();
    String cause = null;
    if (plan.kind() == ReversalKind.CANCEL) {
      cause =
          add(
              EventType.ORDER_CANCELLED,
              orderId,
              customer,
              id,
              version,
              null,
              null,
              new OrderCancelled(
                  orderId,
                  customer,
                  plan.currency(),
                  id,
                  plan.refund().amount(),
                  plan.reason(),
                  points,
                  coupon,
                  now),
              now);
    } else if (plan.kind() == ReversalKind.RETURN) {
      cause =
          add(
              EventType.ORDER_RETURNED,
              orderId,
              customer,
              id,
              version,
              null,
              null,
              new OrderReturned(
                  orderId,
                  customer,
                  plan.currency(),
                  id,
                  plan.items().stream()
                      .map(
                          item ->
                              new Item(item.position(), item.sku(), item.quantity(), item.refund()))
                      .toList(),
                  plan.refund().amount(),
                  plan.reason(),
                  plan.order().remaining(),
                  plan.order().status(),
                  points,
                  coupon,
                  now),
              now);
    }
    if (booked.isNew() && booked.points() > 0) {
      add(
          EventType.POINT_EARNED,
          orderId,
          customer,
          null,
          version,
          cause,
          null,
          new PointLedger.PointEarned(orderId, customer, booked.points(), now),
          now);
    }
    if (change != null && change.reversed() > 0) {
      pointsReversed(orderId, customer, id, version, cause, change, now);
    }
    String code = plan.coupon().code();
    CouponRelease.Outcome outcome = plan.coupon().outcome();
    if (code != null
        && (outcome == CouponRelease.Outcome.RELEASED
            || outcome == CouponRelease.Outcome.REISSUED)) {
      couponReleased(
          orderId,
          customer,
          code,
          Money.text(order.order().couponDiscount(), order.currency()),
          outcome,
          plan.coupon().reissued(),
          id,
          version,
          cause,
          now);
    }
  }

  /** An event about points that were taken back. */
  void pointsReversed(
      UUID orderId,
      String customer,
      UUID reversalId,
      int version,
      @Nullable String cause,
      PointReversals.Change change,
      Instant now) {
    add(
        EventType.POINT_CHANGED,
        orderId,
        customer,
        reversalId,
        version,
        cause,
        "orderflow.point.reversed.v1",
        new PointChanged(
            reversalId,
            customer,
            "REVERSED",
            -change.reversed(),
            change.balance(),
            0,
            change.allDebt(),
            orderId,
            reversalId,
            now),
        now);
  }

  /** An event about a coupon that can be used again. */
  void couponReleased(
      UUID orderId,
      String customer,
      String code,
      String discount,
      CouponRelease.Outcome outcome,
      @Nullable String reissued,
      UUID reversalId,
      int version,
      @Nullable String cause,
      Instant now) {
    add(
        EventType.COUPON_RELEASED,
        orderId,
        customer,
        reversalId,
        version,
        cause,
        null,
        new CouponReleased(orderId, customer, code, discount, outcome, reissued, now),
        now);
  }

  /**
   * Adds an event.
   *
   * @param reversalId by which the event is told from others about its order; null if there is one
   *     of its type only
   * @param cause the id of the event that it follows from
   * @param type where it is not that of its topic
   * @return its id
   */
  private String add(
      EventType event,
      UUID orderId,
      String customer,
      @Nullable UUID reversalId,
      int version,
      @Nullable String cause,
      @Nullable String type,
      Record value,
      Instant now) {
    String id = (reversalId == null ? orderId : reversalId) + ":" + event.topic();
    Map<String, byte[]> headers = new LinkedHashMap<>();
    put(headers, CloudEvents.ID, id);
    put(headers, CloudEvents.ORDER_VERSION, String.valueOf(version));
    if (cause != null) {
      put(headers, CloudEvents.CAUSATION_ID, cause);
    }
    if (type != null) {
      put(headers, CloudEvents.TYPE, type);
    }
    String trace = Traces.current();
    if (trace != null) {
      put(headers, TraceParent.HEADER, trace);
    }
    updates.update(
        """
        insert into outbox (topic, key, payload, subject, headers, created_at)
        values (?, ?, convert_to(?, 'UTF8'), ?, ?::jsonb, ?)
        """,
        event.topic(),
        EventType.key(customer),
        EventJson.json(value),
        orderId,
        RecordHeaders.json(headers),
        now.atOffset(ZoneOffset.UTC));
    return id;
  }

  private static void put(Map<String, byte[]> headers, String name, String value) {
    headers.put(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
