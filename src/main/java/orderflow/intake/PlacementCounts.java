package orderflow.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.stereotype.Component;

/** Counts what becomes of orders, those over HTTP and from files together. */
@Component
class PlacementCounts {

  private final Counter placed;
  private final Counter replayed;
  private final Counter refused;

  PlacementCounts(MeterRegistry meters) {
    placed = counter(meters, "placed");
    replayed = counter(meters, "replayed");
    refused = counter(meters, "refused");
  }

  void count(List<Placement> placements) {
    placements.forEach(placement -> counter(placement).increment());
  }

  private Counter counter(Placement placement) {
    if (placement instanceof Placement.Placed) {
      return placed;
    }
    return placement instanceof Placement.Replayed ? replayed : refused;
  }

  private static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("orderflow.orders")
        .tag("outcome", outcome)
        .description("Orders by what became of them")
        .register(meters);
  }
}
