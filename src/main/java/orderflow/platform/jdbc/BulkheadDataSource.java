package orderflow.platform.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Gives each thread a connection of the bulkhead it is in. */
class BulkheadDataSource extends AbstractDataSource {

  private final Function<Bulkhead, ? extends DataSource> pools;

  BulkheadDataSource(Function<Bulkhead, ? extends DataSource> pools) {
    this.pools = pools;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pools.apply(Bulkhead.current()).getConnection();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return pools.apply(Bulkhead.current()).getConnection(username, password);
  }
}
