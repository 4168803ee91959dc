package orderflow.operation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import orderflow.audit.OperatorActions;
import orderflow.platform.lease.SteppedInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The loop of one instance, which takes its steps only when a test lets it. */
public final class SteppedOperations {

  public static final OperationSettings SETTINGS = new OperationSettings(10, Duration.ofDays(90));

  private final SteppedInstance instance;
  private final OperationLoop loop;

  public SteppedOperations(DataSource database, Clock clock, List<OperationWork> works) {
    instance = new SteppedInstance(database);
    instance.beat();
    loop =
        new OperationLoop(
            operations(database, clock),
            works,
            instance.leases(),
            new DataSourceTransactionManager(database),
            SETTINGS);
  }

  public static Operations operations(DataSource database, Clock clock) {
    JdbcClient jdbc = JdbcClient.create(database);
    return new Operations(jdbc, new OperatorActions(jdbc, clock), clock, new SimpleMeterRegistry());
  }

  public SteppedInstance instance() {
    return instance;
  }

  public void step() {
    loop.steps();
  }

  public void forgetEnded() {
    loop.forgetEnded();
  }
}
