package orderflow.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import orderflow.consumer.ConsumerAdded;
import orderflow.consumer.OrderConsumers;
import orderflow.deadletter.DeadLetters;
import orderflow.metrics.Backlog.Waiting;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Shows the backlog at /actuator/prometheus. */
@Component
class BacklogMetrics implements MeterBinder {

  private final Backlog backlog;
  private final OrderConsumers consumers;
  private @Nullable MeterRegistry registry;

  BacklogMetrics(Backlog backlog, OrderConsumers consumers) {
    this.backlog = backlog;
    this.consumers = consumers;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
            "orderflow.outbox.records",
            "Records on their way to Kafka; an estimate above 10,000",
            Waiting::outbox)
        .register(registry);
    gauge("orderflow.outbox.oldest", "Age of the first of them", Waiting::outboxAge)
        .tag("lane", "live")
        .baseUnit("seconds")
        .register(registry);
    gauge("orderflow.outbox.oldest", "Age of the first of them", Waiting::outboxBulkAge)
        .tag("lane", "bulk")
        .baseUnit("seconds")
        .register(registry);
    gauge(
            "orderflow.mails.queued",
            "Mails to be sent, now or later; an estimate above 10,000",
            Waiting::mails)
        .register(registry);
    gauge(
            "orderflow.mails.due",
            "Mails to be sent now; above 10,000 an estimate that counts later ones too",
            Waiting::mailsDue)
        .register(registry);
    gauge("orderflow.mails.overdue", "How long the first of them has been due", Waiting::mailAge)
        .baseUnit("seconds")
        .register(registry);
    gauge(
            "orderflow.operations.open",
            "Long work that runs, is paused, or has been cancelled and still has something under way",
            Waiting::operations)
        .register(registry);
    this.registry = registry;
    consumers.names().forEach(this::deadLetters);
  }

  @EventListener
  void show(ConsumerAdded added) {
    deadLetters(added.name());
  }

  private void deadLetters(String consumer) {
    if (registry != null) {
      DeadLetters.counter(registry, consumer);
      gauge(
              "orderflow.dead.letters.waiting",
              "Dead letters not settled; an estimate above 10,000",
              waiting -> waiting.deadLetters(consumer))
          .tag("consumer", consumer)
          .register(registry);
    }
  }

  private Gauge.Builder<?> gauge(String name, String description, ToDoubleFunction<Waiting> value) {
    return Gauge.builder(name, backlog, b -> value.applyAsDouble(b.now())).description(description);
  }
}
