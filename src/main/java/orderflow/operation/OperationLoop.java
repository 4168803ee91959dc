package orderflow.operation;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes the steps of all open operations, one step of each a second. The instance that has the
 * lease does it; what it has committed is where another one goes on.
 */
@Component
class OperationLoop {

  /** The name of the lease. */
  static final String LEASE = "operations";

  private static final int AT_ONCE = 100;
  private static final int FORGOTTEN_AT_ONCE = 1_000;

  private final Operations operations;
  private final Map<String, OperationWork> works;
  private final Leases leases;
  private final TransactionTemplate transaction;
  private final OperationSettings settings;
  private @Nullable Lease lease;

  OperationLoop(
      Operations operations,
      List<OperationWork> works,
      Leases leases,
      PlatformTransactionManager transactions,
      OperationSettings settings) {
    this.operations = operations;
    this.works =
        works.stream().collect(Collectors.toMap(work -> work.kind().name(), Function.identity()));
    this.leases = leases;
    this.transaction = new TransactionTemplate(transactions);
    this.settings = settings;
  }

  /** Takes a step of each; a step that fails holds up no other operation. */
  synchronized boolean steps() {
    if (!hasLease()) {
      return false;
    }
    RuntimeException failure = null;
    try {
      inTransaction(() -> works.values().forEach(work -> work.adopt(operations.now())));
      for (long id : operations.open(List.copyOf(works.keySet()), AT_ONCE)) {
        try {
          inTransaction(() -> operations.lockOpen(id).ifPresent(this::step));
        } catch (RuntimeException e) {
          failure = e;
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    if (failure != null) {
      giveUp();
      throw failure;
    }
    return false;
  }

  private void step(Map.Entry<String, OperationWork.Open> locked) {
    OperationWork work = works.get(locked.getKey());
    if (work == null) {
      return; // only a newer version knows this kind
    }
    OperationWork.Open open = locked.getValue();
    OffsetDateTime now = operations.now();
    Integer rate = open.rate();
    int allowed = rate == null ? Integer.MAX_VALUE : Pace.allowed(open.pacedAt(), now, rate);
    operations.save(open, locked.getKey(), work.step(open, open.isRunning() ? allowed : 0, now));
  }

  private void inTransaction(Runnable work) {
    transaction.executeWithoutResult(
        status -> {
          if (lease != null) {
            lease.confirm();
          }
          work.run();
        });
  }

  private boolean hasLease() {
    if (lease != null && !lease.isHeld()) {
      giveUp();
    }
    if (lease == null) {
      lease = leases.take(LEASE);
    }
    return lease != null;
  }

  private void giveUp() {
    Lease lost = lease;
    lease = null;
    if (lost != null) {
      lost.close();
    }
  }

  /** Forgets some of what has ended long ago; returns whether there may be more. */
  boolean forgetEnded() {
    return operations.forget(operations.now().minus(settings.retention()), FORGOTTEN_AT_ONCE)
        == FORGOTTEN_AT_ONCE;
  }

  @Configuration(proxyBeanMethods = false)
  static class Background {

    @Bean
    @OnInstanceRole(InstanceRole.MAINTENANCE)
    BackgroundLoop operationSteps(OperationLoop loop) {
      return new BackgroundLoop("operations", Duration.ofSeconds(1), loop::steps);
    }

    @Bean
    @OnInstanceRole(InstanceRole.MAINTENANCE)
    BackgroundLoop operationRetention(OperationLoop loop) {
      return new BackgroundLoop("operation-retention", Duration.ofHours(1), loop::forgetEnded);
    }
  }
}
