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

  void count(List<PlacementResult> placements) {
    placements.forEach(placement -> counter(placement).increment());
  }

  private Counter counter(PlacementResult placement) {
    if (placement instanceof PlacementResult.Placed) {
      return placed;
    }
    return placement instanceof PlacementResult.Replayed ? replayed : refused;
  }

  private static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("orderflow.orders")
        .tag("outcome", outcome)
        .description("Orders by what became of them")
        .register(meters);
  }
}
