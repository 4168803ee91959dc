package orderflow.coupon;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import orderflow.coupon.Coupons.Taker;
import orderflow.event.BadEvent;
import orderflow.event.EventRecord;
import orderflow.event.Notice;
import orderflow.event.OrderEvent;
import orderflow.event.Reading;
import orderflow.event.TraceParent;
import orderflow.order.Money;
import orderflow.sql.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Turns coupons' reservations into uses. */
@Component
public class CouponBook {

  /**
   * Uses the reservations of a batch, given as {@code entries}: each once, the coupons' counts with
   * it, and coupon.used for what was used. Returns the order ids that have no reservation.
   */
  public static final String USE = SqlFile.read("use-coupons.sql");

  private final Coupons coupons;
  private final Clock clock;

  public CouponBook(Coupons coupons, Clock clock) {
    this.coupons = coupons;
    this.clock = clock;
  }

  /** A coupon that an order was given. */
  public record Redemption(
      UUID orderId, String customerId, String code, BigDecimal discount, String discountText) {}

  /**
   * Reads which coupon a record's order was given; null if none.
   *
   * @throws BadEvent if it lacks what is needed for that
   */
  public @Nullable Redemption read(EventRecord record) {
    OrderEvent event = record.event();
    String code = event.couponCode();
    if (code == null) {
      return null;
    }
    BigDecimal discount = event.discount();
    return new Redemption(
        event.orderId(),
        event.customerId(),
        code,
        discount,
        Money.text(discount, event.currency()));
  }

  /** The rows of a batch, for {@link #USE}. */
  public String rows(List<Reading<Redemption>> batch) {
    Instant now = now();
    List<Row> rows = new ArrayList<>(batch.size());
    for (Reading<Redemption> reading : batch) {
      Redemption use = reading.value();
      Map<String, byte[]> trace = TraceParent.headers(TraceParent.of(reading.record()));
      rows.add(
          new Row(
              rows.size(),
              use.orderId,
              use.code,
              use.customerId,
              now,
              couponUsed(use, now),
              trace));
    }
    return Notice.rows(rows);
  }

  /**
   * Those of a batch whose orders are among the given: orders of other systems, which nothing was
   * reserved for.
   */
  public List<Reading<Redemption>> among(
      List<Reading<Redemption>> batch, Collection<UUID> orderIds) {
    Set<UUID> wanted = new HashSet<>(orderIds);
    return batch.stream().filter(reading -> wanted.remove(reading.value().orderId())).toList();
  }

  /**
   * Uses coupons for orders that nothing was reserved for, all of them or none.
   *
   * @throws BadEvent if one can't be used now
   */
  @Transactional
  public void useUnreserved(List<Reading<Redemption>> batch) {
    // All locks at once, in one order, so that no two batches wait for each other.
    coupons.lock(batch.stream().map(reading -> reading.value().code()).toList());
    batch.forEach(this::useUnreserved);
  }

  private void useUnreserved(Reading<Redemption> reading) {
    Redemption use = reading.value();
    Coupon coupon = coupons.lock(List.of(use.code())).get(use.code());
    if (coupon == null) {
      throw new BadEvent("coupon " + use.code() + " does not exist");
    }
    if (coupons.isTakenBy(use.orderId())) {
      return; // its event came twice
    }
    OrderEvent event = reading.record().event();
    Instant now = now();
    Taker taker = new Taker(use.code(), use.customerId());
    CouponRefusal refusal =
        coupon.refusalFor(
            use.customerId(),
            event.currency(),
            event.subtotal(),
            now,
            coupon.reserved() + coupon.used(),
            coupons.taken(List.of(taker)).getOrDefault(taker, 0));
    if (refusal != null) {
      throw new BadEvent("coupon " + use.code() + " can't be used: " + refusal);
    }
    coupons.use(use, now, couponUsed(use, now));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String couponUsed(Redemption use, Instant now) {
    return Notice.json(
        new CouponUsed(use.orderId, use.customerId, use.code, use.discountText, now));
  }

  private record Row(
      int n,
      UUID orderId,
      String code,
      String customerId,
      Instant at,
      String event,
      @Nullable Map<String, byte[]> headers) {}

  /** The value of coupon.used. */
  private record CouponUsed(
      UUID orderId, String customerId, String couponCode, String discount, Instant usedAt) {}
}
