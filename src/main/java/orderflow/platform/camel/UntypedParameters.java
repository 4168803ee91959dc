package orderflow.platform.camel;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Iterator;
import org.apache.camel.component.jdbc.DefaultJdbcPrepareStatementStrategy;
import org.springframework.stereotype.Component;

/**
 * Binds parameters without a type, which is how the component asks the driver about them
 * beforehand. Bound with one, each statement would be another than the one asked about, and be
 * parsed and planned anew every time.
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
