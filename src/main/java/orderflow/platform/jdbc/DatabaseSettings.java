package orderflow.platform.jdbc;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The connections of an instance, and how long PostgreSQL bears with each. What stands here is sent
 * when a connection is made, so that the server gives up before this client does.
 *
 * @param synchronousCommit what a commit waits for; never less than this server's own disk
 * @param clientCheckInterval how often PostgreSQL looks, while it runs a statement, whether its
 *     client is still there; 0 for never
 * @param clientTimeout how long a client's host may be silent
 * @param pooler what stands between; {@link Pooler#AUTO} until the start has found out
 * @param session other settings of every session, {@code name=value}, separated by blanks
 */
@Validated
@ConfigurationProperties("orderflow.database")
public record DatabaseSettings(
    @Valid Part intake,
    @Valid Part flow,
    @Valid Part requests,
    @Valid Part health,
    @Valid Part maintenance,
    @Pattern(
            regexp = "on|true|local|remote_write|remote_apply",
            message = "must be on, local, remote_write or remote_apply")
        String synchronousCommit,
    @DurationMin Duration clientCheckInterval,
    @DurationMin(seconds = 6) Duration clientTimeout,
    Pooler pooler,
    String session) {

  /**
   * What one bulkhead has.
   *
   * @param connections at most
   * @param statementTimeout how long a statement may take
   * @param lockTimeout how long it may wait for a lock; 0 for as long as the statement may take
   * @param idleInTransactionTimeout how long a transaction may stay open between two statements
   */
  public record Part(
      @Min(1) int connections,
      @DurationMin(millis = 1) Duration statementTimeout,
      @DurationMin Duration lockTimeout,
      @DurationMin(millis = 1) Duration idleInTransactionTimeout) {}

  Part of(Bulkhead bulkhead) {
    return switch (bulkhead) {
      case INTAKE -> intake;
      case FLOW -> flow;
      case REQUESTS -> requests;
      case HEALTH -> health;
      case MAINTENANCE -> maintenance;
    };
  }
}
