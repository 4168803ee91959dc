package orderflow.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Counts what becomes of orders, and how long those over HTTP wait for their transaction. */
@Component
class PlacementCounts {

  private final Map<Door, Counters> counters = new EnumMap<>(Door.class);
  private final Timer wait;
  private final DistributionSummary batches;

  private record Counters(Counter placed, Counter replayed, Counter refused) {

    static Counters of(MeterRegistry meters, Door door) {
      return new Counters(
          counter(meters, door, "placed"),
          counter(meters, door, "replayed"),
          counter(meters, door, "refused"));
    }

    private static Counter counter(MeterRegistry meters, Door door, String outcome) {
      return Counter.builder("orderflow.orders")
          .tag("door", door.name().toLowerCase(Locale.ROOT))
          .tag("outcome", outcome)
          .description("Orders by what became of them")
          .register(meters);
    }

    void count(PlacementResult placement) {
      if (placement instanceof PlacementResult.Placed) {
        placed.increment();
      } else if (placement instanceof PlacementResult.Replayed) {
        replayed.increment();
      } else {
        refused.increment();
      }
    }
  }

  PlacementCounts(MeterRegistry meters) {
    for (Door door : Door.values()) {
      counters.put(door, Counters.of(meters, door));
    }
    wait =
        Timer.builder("orderflow.intake.wait")
            .description("How long an order over HTTP waits for its transaction to begin")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10))
            .register(meters);
    batches =
        DistributionSummary.builder("orderflow.intake.batch.size")
            .description("Orders over HTTP in one transaction")
            .register(meters);
  }

  void count(Door door, List<PlacementResult> placements) {
    Counters ofDoor = Objects.requireNonNull(counters.get(door));
    placements.forEach(ofDoor::count);
  }

  void waited(long nanos) {
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  void batch(int orders) {
    batches.record(orders);
  }
}
