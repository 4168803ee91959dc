package orderflow.point;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.consumer.EventJson;
import orderflow.consumer.EventRecord;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderEvent;
import orderflow.consumer.OwedEffect;
import orderflow.consumer.ParsedRecord;
import orderflow.outbox.EventType;
import orderflow.platform.http.TraceParent;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Says what is to be booked for completed orders. */
@Component
@Order(1)
public class PointLedger implements OrderConsumer<PointLedger.Earned> {

  public static final String NAME = "point-consumer";

  /**
   * Books a batch, given as {@code entries}: each order once, the customers' balances with it, and
   * an event of {@code topic} for what was booked. Returns {@code order_id} of what was booked.
   */
  public static final String BOOK = SqlFile.read("book-points.sql");

  private final EarnRate rate;
  private final Clock clock;

  public PointLedger(EarnRate rate, Clock clock) {
    this.rate = rate;
    this.clock = clock;
  }

  /** Points that an order has earned. */
  public record Earned(UUID orderId, String customerId, long points) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<EventType> publishes() {
    return List.of(EventType.POINT_EARNED);
  }

  @Override
  public Optional<OwedEffect> owed() {
    return Optional.of(
        new OwedEffect(
            "goods > 0 and not exists (select from point_entry where order_id = slice.id)",
            goods -> rate.pointsFor(goods) > 0));
  }

  /**
   * Reads what a record is worth; null if it is worth no points.
   *
   * @throws orderflow.consumer.InvalidEvent if it lacks what is needed for that
   */
  @Override
  public @Nullable Earned read(EventRecord record) {
    OrderEvent event = record.event();
    Earned earned =
        new Earned(event.orderId(), event.customerId(), rate.pointsFor(event.paidForGoods()));
    return earned.points() == 0 ? null : earned;
  }

  @Override
  public String words(Earned earned) {
    return earned.points() + " points for customer " + earned.customerId();
  }

  /** The rows of a batch, for {@link #BOOK}. */
  public String rows(List<ParsedRecord<Earned>> batch) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<Row> rows = new ArrayList<>(batch.size());
    for (ParsedRecord<Earned> reading : batch) {
      Earned earned = reading.value();
      Map<String, byte[]> trace = TraceParent.headers(TraceParent.of(reading.record().headers()));
      PointEarned event = new PointEarned(earned.orderId, earned.customerId, earned.points, now);
      rows.add(
          new Row(
              rows.size(),
              earned.orderId,
              earned.customerId,
              earned.points,
              rate.earnRate(),
              now,
              EventJson.json(event),
              trace));
    }
    return EventJson.rows(rows);
  }

  private record Row(
      int n,
      UUID orderId,
      String customerId,
      long points,
      BigDecimal rate,
      Instant at,
      String event,
      @Nullable Map<String, byte[]> headers) {}

  /** The value of {@link orderflow.outbox.EventType#POINT_EARNED}. */
  public record PointEarned(UUID orderId, String customerId, long points, Instant earnedAt) {}
}
