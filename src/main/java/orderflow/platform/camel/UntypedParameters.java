package orderflow.platform.camel;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Iterator;
import org.apache.camel.component.jdbc.DefaultJdbcPrepareStatementStrategy;
import org.springframework.stereotype.Component;

/**
 * Binds parameters as untyped. camel-jdbc first asks the driver for parameter metadata, which
 * prepares an untyped statement; typed values would prepare a second one and defeat plan reuse.
 */
@Component("untypedParameters")
public class UntypedParameters extends DefaultJdbcPrepareStatementStrategy {

  @Override
  public void populateStatement(PreparedStatement statement, Iterator<?> values, int expected)
      throws SQLException {
    for (int i = 1; i <= expected; i++) {
      statement.setObject(i, values.next(), Types.OTHER);
    }
  }
}
