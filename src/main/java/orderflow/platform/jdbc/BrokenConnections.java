package orderflow.platform.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/** Names the errors after which a pooled connection is of no use, besides those Hikari knows. */
public class BrokenConnections implements SQLExceptionOverride {

  /**
   * A server that takes no writes any more, as after a fail-over that the connection survived; a
   * session that PostgreSQL has ended because it was idle in a transaction (25P03), in too long a
   * transaction (25P04), or idle (57P05).
   */
  private static final Set<String> STATES = Set.of("25006", "25P03", "25P04", "57P05");

  @java.lang.Override // this interface has a member of the same name
  public Override adjudicate(SQLException failure) {
    return failure.getSQLState() != null && STATES.contains(failure.getSQLState())
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
