package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import orderflow.consumer.EventJson;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderEvent;
import orderflow.consumer.OwedEffect;
import orderflow.consumer.ParsedRecord;
import orderflow.coupon.CouponAllocation.Decision;
import orderflow.coupon.CouponAllocation.Wish;
import orderflow.order.Money;
import orderflow.outbox.EventType;
import orderflow.platform.http.TraceParent;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Turns coupons' reservations into uses. */
@Component
@Order(2)
public class CouponRedeemer implements OrderConsumer<CouponRedeemer.Redemption> {

  public static final String NAME = "coupon-consumer";

  /**
   * Uses the reservations of a batch, given as {@code entries}: each once, the coupons' counts with
   * it, and an event of {@code topic} for what was used. Returns {@code order_id} and {@code code}
   * of those that have no reservation of this coupon, and the code that their order has {@code
   * taken} instead; and those that were used, with their own code there.
   */
  public static final String USE = SqlFile.read("use-coupons.sql");

  private final Coupons coupons;
  private final Clock clock;

  public CouponRedeemer(Coupons coupons, Clock clock) {
    this.coupons = coupons;
    this.clock = clock;
  }

  /** A coupon that an order was given. */
  public record Redemption(
      UUID orderId, String customerId, String code, BigDecimal discount, String discountText) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<EventType> publishes() {
    return List.of(EventType.COUPON_USED);
  }

  @Override
  public Optional<OwedEffect> owed() {
    return Optional.of(
        new OwedEffect(
            """
            coupon_code is not null and not exists (
              select from coupon_redemption where order_id = slice.id and (used_at is not null or released_at is not null))\
            """));
  }

  /**
   * Reads which coupon a record's order was given; null if none.
   *
   * @throws InvalidEvent if it lacks what is needed for that
   */
  @Override
  public @Nullable Redemption read(EventRecord record) {
    OrderEvent event = record.event();
    String code = event.couponCode();
    if (code == null) {
      return null;
    }
    BigDecimal discount = event.couponDiscount();
    return new Redemption(
        event.orderId(),
        event.customerId(),
        code,
        discount,
        Money.text(discount, event.currency()));
  }

  @Override
  public String words(Redemption use) {
    return "coupon " + use.code() + " with a discount of " + use.discountText();
  }

  /** The rows of a batch, for {@link #USE}. */
  public String rows(List<ParsedRecord<Redemption>> batch) {
    return rows(batch, now());
  }

  private static String rows(List<ParsedRecord<Redemption>> batch, Instant now) {
    List<Row> rows = new ArrayList<>(batch.size());
    for (ParsedRecord<Redemption> reading : batch) {
      Redemption use = reading.value();
      Map<String, byte[]> trace = TraceParent.headers(TraceParent.of(reading.record().headers()));
      rows.add(
          new Row(
              rows.size(),
              use.orderId,
              use.code,
              use.customerId,
              use.discount,
              now,
              couponUsed(use, now),
              trace));
    }
    return EventJson.rows(rows);
  }

  /** What {@link #USE} leaves of a batch. */
  public record Left(List<ParsedRecord<Redemption>> unreserved, List<FailedRecord> contradicting) {}

  /**
   * The orders of a batch whose reservations were used.
   *
   * @param rows what {@link #USE} returned
   */
  public static List<UUID> used(List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> row.get("taken") != null && row.get("taken").equals(row.get("code")))
        .map(row -> (UUID) row.get("order_id"))
        .toList();
  }

  /**
   * Those of a batch that the statement returned: orders of other systems, which nothing was
   * reserved for, and events whose order has taken another coupon.
   *
   * @param rows what {@link #USE} returned
   */
  public Left left(List<ParsedRecord<Redemption>> batch, List<Map<String, Object>> rows) {
    Map<UUID, String> others = new HashMap<>();
    Set<UUID> untaken = new HashSet<>();
    for (Map<String, Object> row : rows) {
      UUID order = (UUID) row.get("order_id");
      if (row.get("taken") instanceof String taken) {
        others.put(order, taken);
      } else {
        untaken.add(order);
      }
    }
    List<ParsedRecord<Redemption>> unreserved = new ArrayList<>();
    List<FailedRecord> contradicting = new ArrayList<>();
    for (ParsedRecord<Redemption> reading : batch) {
      UUID order = reading.value().orderId();
      String taken = others.get(order);
      if (untaken.remove(order)) {
        unreserved.add(reading);
      } else if (taken != null && !taken.equals(reading.value().code())) {
        contradicting.add(
            new FailedRecord(
                reading.record(),
                "coupon " + reading.value().code() + " is not the one that the order has"));
      }
    }
    return new Left(unreserved, contradicting);
  }

  /**
   * Uses coupons for orders that nothing was reserved for, and returns those whose coupon can't be
   * used. An order that has its use already is passed over.
   */
  @Transactional
  public List<FailedRecord> useUnreserved(List<ParsedRecord<Redemption>> batch) {
    List<FailedRecord> refused = new ArrayList<>();
    Map<ParsedRecord<Redemption>, Wish> wishes = new LinkedHashMap<>();
    for (ParsedRecord<Redemption> reading : batch) {
      try {
        wishes.put(reading, wish(reading));
      } catch (InvalidEvent e) {
        refused.add(new FailedRecord(reading.record(), e.fault()));
      }
    }
    // The locks come first: who waits for one then sees the uses of those who had it before.
    CouponAllocation desk = CouponAllocation.open(coupons, wishes.values());
    Set<UUID> done = coupons.takenBy(batch.stream().map(r -> r.value().orderId()).toList());
    Instant now = now();
    List<ParsedRecord<Redemption>> granted = new ArrayList<>();
    wishes.forEach(
        (reading, wish) -> {
          if (done.contains(reading.value().orderId())) {
            return; // its event came twice
          }
          if (desk.ask(wish, completed(reading, now)) instanceof Decision.Refused refusal) {
            refused.add(new FailedRecord(reading.record(), words(wish.code(), refusal.reason())));
          } else {
            granted.add(reading);
          }
        });
    if (!granted.isEmpty()) {
      coupons.use(rows(granted, now));
    }
    return refused;
  }

  /**
   * When the order was completed, which decides whether its coupon was valid, however late its
   * event comes. One without a usable time is judged by the time it comes.
   */
  private static Instant completed(ParsedRecord<Redemption> reading, Instant now) {
    try {
      Instant completed = reading.record().event().completedAt();
      return completed.isAfter(now) ? now : completed;
    } catch (InvalidEvent e) {
      return now;
    }
  }

  private static Wish wish(ParsedRecord<Redemption> reading) {
    OrderEvent event = reading.record().event();
    Redemption use = reading.value();
    return new Wish(use.code(), use.customerId(), event.currency(), event.subtotal(), null);
  }

  private static String words(String code, CouponRefusal reason) {
    return reason == CouponRefusal.UNKNOWN
        ? "coupon " + code + " does not exist"
        : "coupon " + code + " can't be used: " + reason;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String couponUsed(Redemption use, Instant now) {
    return EventJson.json(
        new CouponUsed(use.orderId, use.customerId, use.code, use.discountText, now));
  }

  private record Row(
      int n,
      UUID orderId,
      String code,
      String customerId,
      BigDecimal discount,
      Instant at,
      String event,
      @Nullable Map<String, byte[]> headers) {}

  /** The value of {@link orderflow.outbox.EventType#COUPON_USED}. */
  private record CouponUsed(
      UUID orderId, String customerId, String couponCode, String discount, Instant usedAt) {}
}
