package orderflow.platform.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.stereotype.Component;

/**
 * Updates of which no result is asked for. Each is made at once, or, within {@link #together}, at
 * its end: those of one statement go to the database in one round trip, in the order in which they
 * were asked for.
 */
@Component
public class Updates {

  private final JdbcTemplate jdbc;
  private final ThreadLocal<@Nullable Map<String, List<PreparedStatementSetter>>> waiting =
      new ThreadLocal<>();

  public Updates(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Makes an update, now or at the end of {@link #together}. */
  public void update(String statement, @Nullable Object... parameters) {
    update(statement, new ArgumentPreparedStatementSetter(parameters));
  }

  /** As {@link #update(String, Object...)}, with parameters that need the statement. */
  public void update(String statement, PreparedStatementSetter parameters) {
    Map<String, List<PreparedStatementSetter>> open = waiting.get();
    if (open == null) {
      jdbc.update(statement, parameters);
    } else {
      open.computeIfAbsent(statement, first -> new ArrayList<>()).add(parameters);
    }
  }

  /** Does some work of a transaction and then all updates that it asked for. */
  public <T> T together(Supplier<T> work) {
    waiting.set(new LinkedHashMap<>());
    try {
      T result = work.get();
      flush();
      return result;
    } finally {
      waiting.remove();
    }
  }

  /** Makes the updates that wait, so that what is read next has them. */
  public void flush() {
    Map<String, List<PreparedStatementSetter>> open = waiting.get();
    if (open != null) {
      open.forEach(this::make);
      open.clear();
    }
  }

  private void make(String statement, List<PreparedStatementSetter> all) {
    jdbc.batchUpdate(
        statement,
        new BatchPreparedStatementSetter() {
          @Override
          public void setValues(PreparedStatement prepared, int n) throws SQLException {
            all.get(n).setValues(prepared);
          }

          @Override
          public int getBatchSize() {
            return all.size();
          }
        });
  }
}
