package orderflow.reconcile;

import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs the reconciler and the audit, and reports what the reconciler finds. */
@Configuration(proxyBeanMethods = false)
class Reconciliation {

  /** A person should look at it, but this instance can take orders: readiness stays as it is. */
  private static final Status DEGRADED = new Status("DEGRADED");

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop reconcileLoop(Reconciler reconciler, ReconcileSettings settings) {
    return new BackgroundLoop("reconcile", settings.interval(), reconciler::look);
  }

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop auditLoop(Audit audit, ReconcileSettings settings) {
    return new BackgroundLoop(
        "audit",
        settings.interval(),
        () -> {
          audit.look();
          return false;
        });
  }

  @Bean
  HealthIndicator ordersHealthIndicator(Reconciler reconciler) {
    return () ->
        Health.status(reconciler.incomplete() == 0 ? Status.UP : DEGRADED)
            .withDetail("incomplete", reconciler.incomplete())
            .build();
  }
}
