package orderflow.platform.camel;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.component.jdbc.DefaultJdbcPrepareStatementStrategy;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Binds named parameters as untyped, so that a statement is prepared once whatever the values are,
 * and knows their number. It is for statements that are constants, as each is kept, and whose
 * parameters are named, not expressions ({@code :?${…}}).
 */
@Component("untypedParameters")
public class UntypedParameters extends DefaultJdbcPrepareStatementStrategy {

  private static final Pattern NAMED = Pattern.compile(":\\?\\w+");

  private final Map<String, String> prepared = new ConcurrentHashMap<>();
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

  @Override
  public String prepareQuery(String query, boolean allowNamedParameters) {
    return allowNamedParameters ? prepared.computeIfAbsent(query, this::prepare) : query;
  }

  private String prepare(String query) {
    String statement = NAMED.matcher(query).replaceAll("?");
    numbers.put(statement, (int) NAMED.matcher(query).results().count());
    return statement;
  }

  /** How many parameters a statement has; null if it is not one of these. */
  @Nullable Integer numberIn(String statement) {
    return numbers.get(statement);
  }

  @Override
  public void populateStatement(PreparedStatement statement, Iterator<?> values, int expected)
      throws SQLException {
    for (int i = 1; i <= expected; i++) {
      statement.setObject(i, values.next(), Types.OTHER);
    }
  }
}
