package orderflow.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import orderflow.order.OrderIds;
import orderflow.outbox.Priority;
import orderflow.platform.jdbc.AfterCommit;
import org.springframework.stereotype.Component;

/**
 * What consumers have committed: how long after its placing an order has its effects, and how many
 * records came again. An order's id holds the moment of its placing; ids of other systems that hold
 * none are not measured.
 */
@Component
public class EffectMetrics {

  private static final Duration[] BUCKETS =
      Stream.of(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<Effect, Map<Priority, Timer>> delays = new EnumMap<>(Effect.class);
  private final MeterRegistry meters;
  private final Clock clock;

  public EffectMetrics(MeterRegistry meters, Clock clock) {
    this.meters = meters;
    this.clock = clock;
    for (Effect effect : Effect.values()) {
      Map<Priority, Timer> ofEffect = new EnumMap<>(Priority.class);
      for (Priority lane : Priority.values()) {
        ofEffect.put(lane, timer(effect, lane));
      }
      delays.put(effect, ofEffect);
    }
  }

  /** What an order leads to. */
  public enum Effect {
    POINTS,
    COUPON,
    /** Measured when the mail server has taken the mail and that is saved. */
    MAIL
  }

  /**
   * Notes a batch when it is committed.
   *
   * @param made the orders whose effect is new; the other records came again
   */
  public <T> void committed(
      String consumer,
      Effect effect,
      List<ParsedRecord<T>> batch,
      Function<T, UUID> order,
      Collection<UUID> made) {
    AfterCommit.run(() -> measure(consumer, effect, batch, order, made));
  }

  private <T> void measure(
      String consumer,
      Effect effect,
      List<ParsedRecord<T>> batch,
      Function<T, UUID> order,
      Collection<UUID> made) {
    count(consumer, batch.size(), made.size());
    Set<UUID> left = new HashSet<>(made);
    long now = clock.millis();
    for (ParsedRecord<T> reading : batch) {
      UUID id = order.apply(reading.value());
      if (left.remove(id)) {
        record(effect, Priority.of(reading.record().headers()), id, now);
      }
    }
  }

  /**
   * Counts the records of a batch when it is committed.
   *
   * @param made those whose effect is new
   */
  public void count(String consumer, int records, int made) {
    AfterCommit.run(
        () -> {
          counter(consumer, "done").increment(made);
          counter(consumer, "already").increment(Math.max(0, records - made));
        });
  }

  /** Notes an order whose effect has been committed. */
  public void committed(Effect effect, Priority lane, UUID order) {
    record(effect, lane, order, clock.millis());
  }

  private void record(Effect effect, Priority lane, UUID order, long now) {
    long placed = OrderIds.madeAt(order);
    if (placed >= 0) {
      Objects.requireNonNull(Objects.requireNonNull(delays.get(effect)).get(lane))
          .record(Duration.ofMillis(Math.max(0, now - placed))); // clocks of machines differ
    }
  }

  private Counter counter(String consumer, String outcome) {
    return Counter.builder("orderflow.consumer.records")
        .description("Records whose effect a consumer committed (done) or found there (already)")
        .tag("consumer", consumer)
        .tag("outcome", outcome)
        .register(meters);
  }

  private Timer timer(Effect effect, Priority lane) {
    return Timer.builder("orderflow.effect.delay")
        .description("From the placing of an order to the commit of its effect")
        .tag("effect", effect.name().toLowerCase(Locale.ROOT))
        .tag("lane", lane.name().toLowerCase(Locale.ROOT))
        .serviceLevelObjectives(BUCKETS)
        .register(meters);
  }
}
