package orderflow.mail;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Optional;
import orderflow.mail.MailServerState.Hindrance;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * Shows that mails wait for the mail server, or for a right, an address or a quota that it asks of
 * this system. Orders are taken all the same.
 */
@Component("mailServerHealthIndicator")
public class MailServerHealth implements HealthIndicator, MeterBinder {

  private static final Status DEGRADED = new Status("DEGRADED");

  private final Delivery delivery;

  MailServerHealth(Delivery delivery) {
    this.delivery = delivery;
  }

  /** What keeps mails from being sent, as this instance has seen it of late. */
  public Optional<MailHindrance> hindrance() {
    return delivery.hindranceSince();
  }

  @Override
  public Health health() {
    Hindrance hindrance = delivery.hindrance();
    return hindrance == Hindrance.NONE
        ? Health.up().build()
        : Health.status(DEGRADED).withDetail("mailServer", hindrance).build();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge("orderflow.mail.server.away", Hindrance.AWAY)
        .description("1 while the mail server can't be reached and all mails wait")
        .register(registry);
    gauge("orderflow.mail.server.refuses", Hindrance.REFUSES)
        .description("1 while the mail server refuses all of this system's mails and they wait")
        .register(registry);
  }

  private Gauge.Builder<?> gauge(String name, Hindrance hindrance) {
    return Gauge.builder(name, delivery, d -> d.hindrance() == hindrance ? 1 : 0);
  }
}
