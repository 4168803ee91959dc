package orderflow.privacy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.operation.OperationKind;
import orderflow.operation.Operations;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomers.Progress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Blanks customers' names and addresses in everything that is stored; amounts and ids stay. An
 * erasure is remembered first: from then on nothing of the customer's is shown, mailed or stored
 * anew. What is stored is then blanked in short steps, in the request itself as long as that takes
 * a moment only, in the background where there is more.
 */
@Component
public class PersonalData {

  private static final Logger log = LoggerFactory.getLogger(PersonalData.class);

  private static final int SWEEPS = 2;

  /** How long a request blanks by itself. */
  static final Duration AT_ONCE = Duration.ofSeconds(5);

  private final ErasedCustomers customers;
  private final List<PersonalRecords> stores;
  private final OperatorActions actions;
  private final Operations operations;
  private final TransactionTemplate transaction;

  /**
   * @param stores in the order in which they are blanked: those that know addresses come first
   */
  PersonalData(
      ErasedCustomers customers,
      List<PersonalRecords> stores,
      OperatorActions actions,
      Operations operations,
      PlatformTransactionManager transactions) {
    this.customers = customers;
    this.stores = List.copyOf(stores);
    this.actions = actions;
    this.operations = operations;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * Erases a customer's data. Mails that are still queued will not be sent.
   *
   * @return the operation that shows how far it has come
   */
  public long erase(String customerId, Actor by) {
    long operation =
        Objects.requireNonNull(transaction.execute(status -> remember(customerId, by)));
    long end = System.nanoTime() + AT_ONCE.toNanos();
    try {
      while (step(() -> customers.lockFirstSweep(customerId)) && System.nanoTime() < end) {
        // the next step follows
      }
    } catch (DataAccessException | TransactionException e) {
      log.warn(
          "Erasing a customer's data failed and is tried again: {}", FailureClassifier.reason(e));
    }
    return operation;
  }

  /** An erasure that is asked for anew while it is under way begins anew. */
  private long remember(String customerId, Actor by) {
    Long before = customers.remember(customerId);
    long operation;
    if (before != null && operations.beginAnew(before)) {
      operation = before;
    } else {
      operation =
          operations.begin(
              new Operations.Begin(
                  OperationKind.ERASE_PERSONAL_DATA,
                  customerId,
                  null,
                  SWEEPS * stores.size(),
                  null,
                  null,
                  null,
                  0),
              by);
      customers.showBy(operation, customerId);
    }
    actions.record(by, Action.ERASE_PERSONAL_DATA, customerId, Map.of("operation", operation));
    return operation;
  }

  /** One step of an erasure that is due; returns whether there was one. */
  boolean eraseSome() {
    AtomicReference<@Nullable Progress> begun = new AtomicReference<>();
    try {
      return step(
          () -> {
            Optional<Progress> due = customers.lockDue();
            due.ifPresent(begun::set);
            return due;
          });
    } catch (RuntimeException e) {
      Progress failed = begun.get();
      if (failed != null) {
        customers.postpone(failed.customer()); // so that the others' turn comes
      }
      throw e;
    }
  }

  private boolean step(Supplier<Optional<Progress>> lock) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              Optional<Progress> progress = lock.get();
              progress.ifPresent(this::step);
              return progress.isPresent();
            }));
  }

  private void step(Progress progress) {
    int at = indexOf(progress.store());
    PersonalRecords store = stores.get(at);
    String next = store.eraseSome(progress.customer(), progress.position());
    if (next != null) {
      customers.advance(progress.at(store.name(), next));
      return;
    }
    if (at + 1 < stores.size()) {
      customers.advance(progress.at(stores.get(at + 1).name(), null));
    } else {
      customers.endSweep(progress);
    }
    show(progress, at + 1);
  }

  private void show(Progress progress, int storesDone) {
    Long operation = progress.operation();
    if (operation == null) {
      return;
    }
    int done = (progress.sweep() == 0 ? 0 : stores.size()) + storesDone;
    if (done < SWEEPS * stores.size()) {
      operations.advance(operation, done);
    } else {
      operations.finish(operation);
    }
  }

  /** The first one too if another version knows a store that this one does not: all begins anew. */
  private int indexOf(@Nullable String store) {
    for (int i = 0; i < stores.size(); i++) {
      if (stores.get(i).name().equals(store)) {
        return i;
      }
    }
    return 0;
  }

  @Configuration(proxyBeanMethods = false)
  static class Background {

    @Bean
    @OnInstanceRole(InstanceRole.MAINTENANCE)
    BackgroundLoop erasure(PersonalData personalData) {
      return new BackgroundLoop("erasure", Duration.ofSeconds(10), personalData::eraseSome);
    }
  }
}
