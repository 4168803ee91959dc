package orderflow.outbox;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** Names the topics that are stuck. This instance can take orders all the same. */
@Component("outboxHealthIndicator")
class OutboxHealth implements HealthIndicator {

  private final Outbox outbox;

  OutboxHealth(Outbox outbox) {
    this.outbox = outbox;
  }

  @Override
  public Health health() {
    var stuck = outbox.stuckTopics();
    return stuck.isEmpty()
        ? Health.up().build()
        : Health.status(new Status("DEGRADED", "stuck: " + String.join(", ", stuck)))
            .withDetail("stuck", stuck)
            .build();
  }
}
