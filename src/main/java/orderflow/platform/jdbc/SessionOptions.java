package orderflow.platform.jdbc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /** {@code -c name=value} or {@code --name=value}; a backslash keeps a blank in a value. */
  private static final Pattern SETTING =
      Pattern.compile("(?<!\\S)(?:-c\\s*|--)(?<name>[\\w.]+)=(?<value>(?:\\\\.|[^\\s\\\\])*)");

  private SessionOptions() {}

  /**
   * The settings for one bulkhead. Those that the operator's URL names win over ours, except that
   * no commit returns before it is on disk.
   */
  public static String of(DatabaseSettings settings, Bulkhead bulkhead, String url) {
    Part part = settings.of(bulkhead);
    StringJoiner options = new StringJoiner(" ").add(ofSession(settings));
    options.add(millis("statement_timeout", part.statementTimeout()));
    options.add(millis("lock_timeout", part.lockTimeout()));
    options.add(millis("idle_in_transaction_session_timeout", part.idleInTransactionTimeout()));
    options.add(ofClient(settings));
    options.add(ofUrl(url));
    options.add("-c synchronous_commit=" + settings.synchronousCommit());
    return options.toString();
  }

  /** Those of {@code orderflow.database.session}. */
  static String ofSession(DatabaseSettings settings) {
    StringJoiner options = new StringJoiner(" ");
    for (String setting : settings.session().strip().split("\\s+")) {
      if (!setting.isEmpty()) {
        options.add("-c " + setting);
      }
    }
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

  /** What options set, by name; of one that is named twice the last counts. */
  static Map<String, String> byName(String options) {
    Map<String, String> settings = new LinkedHashMap<>();
    Matcher setting = SETTING.matcher(options);
    while (setting.find()) {
      settings.remove(setting.group("name"));
      settings.put(setting.group("name"), setting.group("value").replaceAll("\\\\(.)", "$1"));
    }
    return settings;
  }

  /** Sets for a session, or for a transaction alone, what a pooler takes from no first message. */
  static String statement(Map<String, String> settings, boolean forTransaction) {
    return settings.entrySet().stream()
        .map(
            setting ->
                "set_config('%s', '%s', %s)"
                    .formatted(
                        setting.getKey(), setting.getValue().replace("'", "''"), forTransaction))
        .collect(Collectors.joining(", ", "select ", ""));
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
