package orderflow.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class ReconcileProgressTest {

  private static final DataSource DATABASE = FreshDatabase.named("reconcile");

  private final Leases leases = mock();
  private final ReconcileProgress progress =
      new ReconcileProgress(
          JdbcClient.create(DATABASE), leases, new DataSourceTransactionManager(DATABASE));

  @Test
  void theNextInstanceGoesOnWhereThisOneWas() {
    Lease lease = held();
    when(leases.take(ReconcileProgress.LEASE)).thenReturn(lease);
    UUID order = UUID.randomUUID();
    progress.take();
    progress.save(order, 7);
    progress.save(order, 5);

    assertThat(progress.take()).contains(new ReconcileProgress.Position(order, 7));
  }

  @Test
  void anInstanceWithoutTheLeaseHasNoPlace() {
    assertThat(progress.take()).isEmpty();
  }

  @Test
  void anInstanceThatHasLostTheLeaseWritesNothing() {
    Lease lease = held();
    when(leases.take(ReconcileProgress.LEASE)).thenReturn(lease, (Lease) null);
    ReconcileProgress.Position before = progress.take().orElseThrow();
    doThrow(new IllegalStateException("lost")).when(lease).confirm();

    assertThatThrownBy(() -> progress.save(UUID.randomUUID(), 1_000)).hasMessage("lost");

    assertThat(progress.take()).isEmpty();
    when(leases.take(ReconcileProgress.LEASE)).thenReturn(lease);
    assertThat(progress.take()).contains(before);
  }

  private static Lease held() {
    Lease lease = mock();
    when(lease.isHeld()).thenReturn(true);
    return lease;
  }
}
