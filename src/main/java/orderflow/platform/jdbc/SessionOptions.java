package orderflow.platform.jdbc;

import java.time.Duration;
import java.util.Properties;
import java.util.StringJoiner;
import orderflow.platform.jdbc.DatabaseSettings.Part;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The settings of a session as the start parameter {@code options}. Sent with the connection's
 * first message they cost no round trip, win over the defaults of role and database, and survive
 * {@code reset all}; a pooler that would lose a {@code set} refuses them with a clear error.
 */
public final class SessionOptions {

  private SessionOptions() {}

  /**
   * The settings for one bulkhead. Those that the operator's URL names win over ours, except that
   * no commit returns before it is on disk.
   */
  public static String of(DatabaseSettings settings, Bulkhead bulkhead, String url) {
    Part part = settings.of(bulkhead);
    StringJoiner options = new StringJoiner(" ");
    for (String setting : settings.session().strip().split("\\s+")) {
      if (!setting.isEmpty()) {
        options.add("-c " + setting);
      }
    }
    options.add(millis("statement_timeout", part.statementTimeout()));
    options.add(millis("lock_timeout", part.lockTimeout()));
    options.add(millis("idle_in_transaction_session_timeout", part.idleInTransactionTimeout()));
    options.add(ofClient(settings));
    options.add(ofUrl(url));
    options.add("-c synchronous_commit=" + settings.synchronousCommit());
    return options.toString();
  }

  /** The settings for migrations, which may take as long as they need, but not wait for a lock. */
  static String forMigrations(DatabaseSettings settings, Duration lockTimeout, String url) {
    return new StringJoiner(" ")
        .add("-c statement_timeout=0 -c idle_in_transaction_session_timeout=0")
        .add(millis("lock_timeout", lockTimeout))
        .add(ofClient(settings))
        .add(ofUrl(url))
        .add("-c synchronous_commit=" + settings.synchronousCommit())
        .toString();
  }

  /** The URL without its own options, which would replace ours instead of joining them. */
  public static String urlWithout(String url) {
    return url.replaceAll("(?<=[?&])options=[^&]*(&|$)", "").replaceFirst("[?&]$", "");
  }

  private static String ofUrl(String url) {
    @Nullable Properties parsed = Driver.parseURL(url, new Properties());
    String own = parsed == null ? null : PGProperty.OPTIONS.getOrDefault(parsed);
    return own == null ? "" : own;
  }

  /** How soon PostgreSQL notices that a client, or its host, is gone. */
  private static String ofClient(DatabaseSettings settings) {
    long seconds = settings.clientTimeout().toSeconds();
    return millis("client_connection_check_interval", settings.clientCheckInterval())
        + " "
        + millis("tcp_user_timeout", settings.clientTimeout())
        + " -c tcp_keepalives_idle="
        + seconds / 2
        + " -c tcp_keepalives_interval="
        + seconds / 6
        + " -c tcp_keepalives_count=3";
  }

  private static String millis(String name, Duration time) {
    return "-c " + name + "=" + time.toMillis();
  }
}
