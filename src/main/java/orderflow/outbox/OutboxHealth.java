package orderflow.outbox;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** Names the topics that are stuck. This instance can take orders all the same. */
@Component("outboxHealthIndicator")
class OutboxHealth implements HealthIndicator {

  private static final Status DEGRADED = new Status("DEGRADED");

  private final Outbox outbox;

  OutboxHealth(Outbox outbox) {
    this.outbox = outbox;
  }

  @Override
  public Health health() {
    return Health.status(outbox.stuckTopics().isEmpty() ? Status.UP : DEGRADED)
        .withDetail("stuck", outbox.stuckTopics())
        .build();
  }
}
