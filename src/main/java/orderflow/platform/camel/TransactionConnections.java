package orderflow.platform.camel;

import java.sql.Connection;
import javax.sql.DataSource;
import org.apache.camel.component.jdbc.ConnectionStrategy;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/** Statements of routes join the transaction at hand; where there is none, they have their own. */
@Component
class TransactionConnections implements ConnectionStrategy {

  @Override
  public Connection getConnection(DataSource database) {
    return DataSourceUtils.getConnection(database);
  }

  @Override
  public boolean isConnectionTransactional(Connection connection, DataSource database) {
    return DataSourceUtils.isConnectionTransactional(connection, database);
  }
}
