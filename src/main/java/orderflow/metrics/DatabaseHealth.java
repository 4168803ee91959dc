package orderflow.metrics;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the database answers, in bounded time: one that is frozen would hold the question for as
 * long as any statement may take.
 */
@Component("dbHealthIndicator")
class DatabaseHealth implements HealthIndicator {

  private static final int PATIENCE_SECONDS = 2;

  private final DataSource database;

  DatabaseHealth(DataSource database) {
    this.database = database;
  }

  @Override
  public Health health() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(PATIENCE_SECONDS) ? Health.up().build() : Health.down().build();
    } catch (SQLException away) {
      return Health.down().build();
    }
  }
}
