package orderflow.mail;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that can't be reached when a test says so. */
final class AwayDatabase extends DelegatingDataSource {

  /** How many asked for a connection in vain. */
  final AtomicInteger refused = new AtomicInteger();

  private volatile boolean away;

  AwayDatabase(DataSource database) {
    super(database);
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (away) {
      refused.incrementAndGet();
      throw new SQLException("the database is away", "08001");
    }
    return super.getConnection();
  }
}
