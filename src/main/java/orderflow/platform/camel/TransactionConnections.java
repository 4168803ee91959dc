package orderflow.platform.camel;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.Component;
import org.apache.camel.component.jdbc.ConnectionStrategy;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Statements of routes join the transaction at hand; where there is none, they have their own. */
@org.springframework.stereotype.Component
class TransactionConnections implements ConnectionStrategy, ComponentCustomizer {

  private final UntypedParameters parameters;

  TransactionConnections(UntypedParameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public void configure(String name, Component component) {
    if (component instanceof JdbcComponent jdbc) {
      jdbc.setConnectionStrategy(this);
    }
  }

  /** Within a transaction, one that closing does no harm to: camel-jdbc closes it early. */
  @Override
  public Connection getConnection(DataSource database) throws SQLException {
    Connection connection =
        TransactionSynchronizationManager.hasResource(database)
            ? new TransactionAwareDataSourceProxy(database).getConnection()
            : database.getConnection();
    return CountedParameters.of(connection, parameters);
  }

  @Override
  public boolean isConnectionTransactional(Connection connection, DataSource database) {
    return false;
  }
}
