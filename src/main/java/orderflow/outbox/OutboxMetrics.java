package orderflow.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The relay's metrics. Without a registry nothing is measured. */
final class OutboxMetrics {

  private volatile @Nullable MeterRegistry registry;

  void bind(MeterRegistry meters, RelayLease lease) {
    registry = meters;
    Gauge.builder("orderflow.lease.wait", lease, RelayLease::overdueSeconds)
        .description("Age of the oldest work that waits for the lease of another instance")
        .baseUnit("seconds")
        .tag("lease", RelayLease.NAME)
        .register(meters);
    for (EventType type : EventType.values()) {
      acknowledged(type.topic(), 0);
      refused(type.topic(), 0);
    }
  }

  /**
   * Shows from now on whether a topic is stuck.
   *
   * @param stuck is kept, and asked at each scrape
   */
  void bindStuck(String topic, BooleanSupplier stuck) {
    MeterRegistry meters = registry;
    if (meters != null) {
      Gauge.builder("orderflow.outbox.stuck", () -> stuck.getAsBoolean() ? 1 : 0)
          .description("Whether records of a topic wait because its broker does not take them")
          .tag("topic", topic)
          .register(meters);
    }
  }

  void acknowledged(String topic, int records) {
    published(topic, "acked", records);
  }

  void refused(String topic, int records) {
    published(topic, "refused", records);
  }

  private void published(String topic, String outcome, int records) {
    MeterRegistry meters = registry;
    if (meters != null) {
      Counter.builder("orderflow.outbox.published")
          .description("Records that the broker took, or will never take")
          .tag("topic", topic)
          .tag("outcome", outcome)
          .register(meters)
          .increment(records);
    }
  }
}
