package orderflow.platform.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Gives the transaction of each script the settings of migrations, where a pooler would drop those
 * of a session: what the role has as defaults is made for orders, not for scripts.
 */
class MigrationSession extends BaseCallback {

  private static final String AS_THE_SERVER_STARTED =
      "select set_config(name, boot_val, true) from pg_settings where name = any (?)";

  private final String settings;
  private final Set<String> reset;

  /**
   * @param reset settings of the application's sessions that a script is to run without
   */
  MigrationSession(Map<String, String> settings, Set<String> reset) {
    this.settings = SessionOptions.statement(settings, true);
    this.reset = reset;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public void handle(Event event, Context context) {
    try (PreparedStatement planner =
            context.getConnection().prepareStatement(AS_THE_SERVER_STARTED);
        Statement others = context.getConnection().createStatement()) {
      planner.setArray(1, context.getConnection().createArrayOf("text", reset.toArray()));
      planner.execute();
      others.execute(settings);
    } catch (SQLException e) {
      throw new FlywayException("the settings of migrations can't be set", e);
    }
  }
}
