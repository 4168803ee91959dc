package orderflow.platform.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Transactions that have ended only when each disk that is to have them has them.
 *
 * <p>A commit whose wait for a standby is cancelled is done on this server alone, and PostgreSQL
 * answers it as done, with a warning. Behind a pooler that lends sessions for a transaction, the
 * settings of the bulkhead are sent at its beginning, where they are not the role's.
 */
class DatabaseTransactions extends JdbcTransactionManager {

  private static final long serialVersionUID = 1;

  private final Map<Bulkhead, String> settings = new EnumMap<>(Bulkhead.class);

  DatabaseTransactions(DataSource database, DatabaseSettings settings, String url) {
    super(database);
    if (settings.pooler() == Pooler.TRANSACTION) {
      Map<String, String> ofRole = RoleDefaults.of(settings, url);
      for (Bulkhead bulkhead : Bulkhead.values()) {
        Map<String, String> own =
            new LinkedHashMap<>(SessionOptions.byName(SessionOptions.of(settings, bulkhead, url)));
        own.entrySet().removeAll(ofRole.entrySet());
        if (!own.isEmpty()) {
          this.settings.put(bulkhead, SessionOptions.statement(own, true));
        }
      }
    }
  }

  @Override
  protected void prepareTransactionalConnection(
      Connection connection, TransactionDefinition definition) throws SQLException {
    super.prepareTransactionalConnection(connection, definition);
    String own = settings.get(Bulkhead.current());
    if (own != null) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(own);
      }
    }
  }

  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    Connection connection =
        ((JdbcTransactionObjectSupport) status.getTransaction())
            .getConnectionHolder()
            .getConnection();
    try {
      connection.clearWarnings();
      super.doCommit(status);
      CommitWarnings.refuseIfCutShort(connection.getWarnings());
    } catch (SQLException e) {
      throw translateException("JDBC commit", e);
    }
  }
}
