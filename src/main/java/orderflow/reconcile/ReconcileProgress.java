package orderflow.reconcile;

import java.util.Optional;
import java.util.UUID;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How far the reconciler has come, for all instances: one looks at a time, and goes on where the
 * last look ended, whichever instance did it.
 */
@Repository
class ReconcileProgress {

  /** The name of the lease. */
  static final String LEASE = "reconcile";

  private final JdbcClient jdbc;
  private final Leases leases;
  private final TransactionTemplate transaction;
  private @Nullable Lease lease;

  ReconcileProgress(JdbcClient jdbc, Leases leases, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.leases = leases;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * @param position every order before it was complete; null if there was no look yet
   * @param publishedUpTo the outbox row of the last event that was published again
   */
  record Position(@Nullable UUID position, long publishedUpTo) {}

  /** Keeps or takes the right to look; empty while another instance has it. */
  Optional<Position> take() {
    if (lease != null && !lease.isHeld()) {
      giveUp();
    }
    if (lease == null) {
      lease = leases.take(LEASE);
    }
    return lease == null
        ? Optional.empty()
        : Optional.of(
            jdbc.sql("select position, published_up_to from reconcile_progress")
                .query(
                    (row, n) ->
                        new Position(
                            row.getObject("position", UUID.class), row.getLong("published_up_to")))
                .single());
  }

  /**
   * Keeps how far a look has come.
   *
   * @throws orderflow.platform.lease.LeaseLost if another instance looks by now
   */
  void save(UUID position, long publishedUpTo) {
    try {
      transaction.executeWithoutResult(
          status -> {
            if (lease != null) {
              lease.confirm();
            }
            jdbc.sql(
                    """
                    update reconcile_progress
                    set position = ?, published_up_to = greatest(published_up_to, ?)
                    """)
                .params(position, publishedUpTo)
                .update();
          });
    } catch (RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private void giveUp() {
    Lease lost = lease;
    lease = null;
    if (lost != null) {
      lost.close();
    }
  }
}
